import Foundation
import Testing

struct ScoreVQATests {
  private let folder: TemporaryFolder
  private let truth: String
  private let found: String

  init() throws {
    folder = try TemporaryFolder()
    let yes = [String](repeating: "yes", count: 9) + ["no"]
    let boats = [String](repeating: "two", count: 2) + (0..<8).map { "\($0 + 3)" }
    truth = try folder.file(
      "truth.json",
      Array(
        """
        {"info":{},"data_type":"mscoco","annotations":[
        \(Self.question(1, "is the", "yes/no", yes)),
        \(Self.question(2, "how many", "number", boats)),
        \(Self.question(3, "is the", "other", [String](repeating: "the cat", count: 10)))]}
        """.utf8))
    found = try folder.file(
      "found.json",
      Array(
        """
        [{"question_id":3,"answer":"cat"},{"question_id":2,"answer":"two"},
         {"question_id":1,"answer":"Yes!"}]
        """.utf8))
  }

  private static func question(
    _ id: Int, _ type: String, _ answerType: String, _ answers: [String]
  ) -> String {
    let list = answers.enumerated().map {
      "{\"answer\":\"\($1)\",\"answer_confidence\":\"yes\",\"answer_id\":\($0 + 1)}"
    }
    return """
      {"question_id":\(id),"question_type":"\(type)","answer_type":"\(answerType)",\
      "multiple_choice_answer":"x","image_id":5,"answers":[\(list.joined(separator: ","))]}
      """
  }

  private func score(_ more: String...) throws -> Execution {
    let all = ["score", "vqa", "--truth", truth, "--predictions", found] + more
    return try unit(raw: all.map { Array($0.utf8) })
  }

  private func answers(_ json: String) throws -> Execution {
    let file = try folder.file("other.json", Array(json.utf8))
    return try unit("score", "vqa", "--truth", truth, "--predictions", file)
  }

  @Test func theTextIsThatOfTheChallenge() throws {
    let run = try score()
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(
      run.text == """
        metric official, 3 questions

        Overall Accuracy is: 53.33

        Per Question Type Accuracy is the following:
        how many : 60.00
        is the : 50.00

        Per Answer Type Accuracy is the following:
        number : 60.00
        other : 0.00
        yes/no : 100.00

        """)
  }

  @Test func theMetricsDiffer() throws {
    // Where people agree to the letter the official metric compares the letters. LAVIS takes articles
    // and number words from the prediction only, MMF from both sides.
    for (metric, overall) in [("lavis", 100.0 / 3), ("mmf", 260.0 / 3)] {
      let run = try score("--metric", metric, "--format", "json")
      let report = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
      #expect(report?["metric"] as? String == metric && report?["schema"] as? Int == 1)
      #expect(abs((report?["overall"] as? Double ?? 0) - overall) < 1e-9, "\(run.text)")
      #expect((report?["perAnswerType"] as? [String: Double])?.count == 3)
      #expect((report?["perQuestionType"] as? [String: Double])?.count == 2)
      #expect(report?["questions"] as? Int == 3)
    }
    expectFailure(try score("--metric", "oficial"), 64, saying: "did you mean 'official'?")
  }

  @Test func everyQuestionNeedsAnAnswer() throws {
    expectFailure(
      try answers("[{\"question_id\":2,\"answer\":\"two\"}]"), 65,
      saying: "expected an answer to each of 3 questions, found 1; the first without one is 1",
      "--subset")
    let file = folder.path("other.json")
    let run = try unit("score", "vqa", "--truth", truth, "--predictions", file, "--subset")
    #expect(run.text.contains("metric official, 1 questions\n\nOverall Accuracy is: 60.00\n"))
  }

  @Test func badAnswersAreRefused() throws {
    expectFailure(try answers("[]"), 65, saying: "expected answers, found none")
    expectFailure(try answers("{}"), 65, saying: "VQA's results")
    expectFailure(
      try answers("[{\"question_id\":9,\"answer\":\"a\"}]"), 65,
      saying: "[0].question_id", "the id of a question of the truth, found 9")
    expectFailure(
      try answers("[{\"question_id\":1,\"answer\":2}]"), 65,
      saying: "[0].answer", "expected a string, found the number 2")
    let one = "{\"question_id\":1,\"answer\":\"a\"}"
    expectFailure(
      try answers("[\(one),{\"question_id\":1,\"answer\":\"b\"}]"), 65,
      saying: "one answer to the question 1, found 'a' before and 'b' here")
    // Data loaders of several machines repeat some questions.
    expectFailure(try answers("[\(one),\(one)]"), 65, saying: "found 1;")
    expectFailure(
      try unit("score", "vqa", "--truth", found, "--predictions", truth), 65,
      saying: "belongs to --predictions")
    expectFailure(
      try unit("score", "vqa", "--truth", folder.path("no"), "--predictions", found), 66,
      saying: "no such file")
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let pipe = folder.path("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    let gate = folder.path("gate")
    try #require(mkfifo(gate, 0o600) == 0)
    let arguments = ["score", "vqa", "--truth", truth, "--predictions", gate]
    var process = try Spawn(
      arguments.map { Array($0.utf8) }, input: "/dev/null", output: pipe,
      errors: folder.path("errors"))
    // Opening waits until the program reads its predictions; its output is open by then.
    let writer = try FileHandle(forWritingTo: URL(fileURLWithPath: gate))
    close(reader)
    try writer.write(contentsOf: Data(contentsOf: URL(fileURLWithPath: found)))
    try writer.close()
    let (status, _, _) = process.wait()
    #expect(status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("errors"))).isEmpty)
  }
}
