import Foundation
import Testing

struct ScoreClassificationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func score(_ truth: String, _ found: String, _ more: String...) throws -> Execution {
    let files = [
      "--truth", try folder.file("truth", Array(truth.utf8)),
      "--predictions", try folder.file("found", Array(found.utf8)),
    ]
    return try unit(raw: (["score", "classification"] + files + more).map { Array($0.utf8) })
  }

  private static let truth = "sentence\tlabel\na \"b, c\t1\nd\t0\ne\t1\nf\t0\n"
  private static let found = "index\tprediction\n3\t1\n0\t1\n1\t0\n2\t1\n"

  @Test func theTextHasEveryNumber() throws {
    let run = try score(Self.truth, Self.found)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(
      run.text == """
        4 examples, 2 classes
        accuracy              0.7500
        F1 of 1               0.8000
        macro F1              0.7333
        Matthews correlation  0.5774

        class  precision  recall      F1  examples
        0         1.0000  0.5000  0.6667         2
        1         0.6667  1.0000  0.8000         2

        true \\ predicted  0  1
        0                 1  1
        1                 0  2

        """)
  }

  @Test(arguments: [
    "label\n1\n0\n1\n0\n", "1\n0\n1\n0\n", "[1, 0, 1.0, \"0\"]", "1.0\r\n0\r\n1\r\n0\r\n",
    "{\"label\": 1}\n{\"label\": 0}\n{\"label\": 1}\n{\"label\": 0}\n",
    "[{\"gold_label\":1},{\"gold_label\":0},{\"gold_label\":1},{\"gold_label\":0}]",
    "\u{FEFF}label,text\n1,\"a, \"\"b\"\"\"\n0,\"c\nd\"\n1,e\n0,f\n",
    "{\"0\":1,\"3\":0,\"1\":0,\"2\":1}",
  ])
  func manyShapesAreTaken(truth: String) throws {
    let run = try score(truth, Self.found, "--metric", "accuracy")
    #expect(run.text == "accuracy  0.7500\n", "\(truth): \(run.errors)")
  }

  @Test func examplesAreJoinedByID() throws {
    let truth =
      "{\"pairID\":\"x\",\"gold_label\":\"yes\"}\n{\"pairID\":\"y\",\"gold_label\":\"no\"}"
      + "\n{\"pairID\":\"z\",\"gold_label\":\"-\"}\n"
    let run = try score(
      truth, "pairID,prediction\nz,no\ny,yes\nx,yes\n", "--format", "json", "--positive", "yes")
    #expect(run.errors.contains("1 examples without an agreed label"))
    let report = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
    #expect(report?["accuracy"] as? Double == 0.5 && report?["positive"] as? String == "yes")
    #expect(abs((report?["f1"] as? Double ?? 0) - 2.0 / 3) < 1e-12)
    #expect(report?["confusion"] as? [[Int]] == [[0, 1], [0, 1]])
    expectFailure(
      try score(truth, "pairID,prediction\nz,no\nw,yes\nx,yes\n"), 65,
      saying: "one for 'w', which the truth has not")
    expectFailure(
      try score(truth, "pairID,prediction\nz,no\nz,yes\nx,yes\n"), 65, saying: "two for 'z'")
  }

  @Test func columnsCanBeNamed() throws {
    let truth = "x\tgj04\t1\nx\tgj04\t0\n"
    let run = try score(
      truth, "a,b\n1,0\n1,0\n", "--truth-column", "3", "--prediction-column", "b", "--metric",
      "matthews")
    #expect(run.text == "Matthews correlation  0.0000\n", "\(run.errors)")
    expectFailure(
      try score(truth, "1\n0\n"), 65, saying: "a column named label", "found x, gj04, 1",
      "--truth-column")
  }

  @Test func badFilesAreRefused() throws {
    expectFailure(try score("", "1"), 65, saying: "expected labels, found none")
    expectFailure(
      try score("1\n0", "1"), 65, saying: "a prediction for each of 2 examples, found 1")
    expectFailure(try score("[1,null]", "1"), 65, saying: "[1]", "expected a label, found null")
    expectFailure(try score("[1,2", "1"), 65, saying: "the end of the file")
    expectFailure(try score("label,a\n1,2\n3\n\"4", "1"), 65, saying: "a closing quote")
    expectFailure(
      try score("a\tlabel\n1\t2\n3\n", "1"), 65, saying: "line 3: expected 2 columns, found 1")
    expectFailure(try score("\u{1}\n1", "{\"a\":[]}"), 65, saying: "expected labels, found none")
    expectFailure(
      try score("a\nb", "a\nb", "--metric", "f1"), 64, saying: "--positive", "macro-f1")
    expectFailure(try score("a\nb", "a\nb", "--metric", "f2"), 64, saying: "did you mean 'f1'?")
    expectFailure(
      try score("aaa\nb", "b\nb", "--positive", "aab"), 64, saying: "did you mean 'aaa'?")
    expectFailure(
      try unit("score", "classification", "--truth", folder.path("a"), "--predictions", "b"), 66,
      saying: "no such file")
  }
}
