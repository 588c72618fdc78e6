import Foundation
import Testing

/// `ask` about several pictures: folders, patterns, standard input.
struct AskPicturesTests {
  private let model: TinyModel
  private let folder: TemporaryFolder

  init() throws {
    model = try TinyModel()
    folder = try TemporaryFolder()
    try folder.file("a.png", PictureSamples.png)
    try folder.file("b.jpg", PictureSamples.jpeg)
  }

  private func ask(_ picture: String, _ rest: String..., input: [UInt8] = []) throws -> Execution {
    let all = ["ask", picture, "what shape is it?", "is it red?", "--model", model.path] + rest
    return try unit(raw: all.map { Array($0.utf8) }, input: input)
  }

  private func reports(_ run: Execution) throws -> [[String: Any]] {
    try run.text.split(separator: "\n").map {
      try #require(
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func aFolderGivesOneLineAPicture() throws {
    let run = try ask(folder.path, "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let reports = try reports(run)
    #expect(
      reports.map { $0["file"] as? String } == [folder.path("a.png"), folder.path("b.jpg")])
    #expect(reports.allSatisfy { ($0["answers"] as? [Any])?.count == 2 })
    // Each picture gets the answers that it gets alone.
    for name in ["a.png", "b.jpg"] {
      let alone = try ask(folder.path(name), "--format", "json")
      #expect(run.text.contains(alone.text))
    }
    let text = try ask(folder.path)
    #expect(text.text.contains("a.png") && text.text.contains("b.jpg"))
  }

  @Test func aPatternIsExpanded() throws {
    let run = try ask(folder.path("*.jpg"), "--format", "json")
    #expect(try reports(run).map { $0["file"] as? String } == [folder.path("b.jpg")])
    expectFailure(try ask(folder.path("*.gif")), 66, saying: "no file fits")
  }

  @Test func standardInputIsAPicture() throws {
    let run = try ask("-", "--format", "json", input: PictureSamples.png)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try reports(run).map { $0["file"] as? String } == ["-"])
    let file = try ask(folder.path("a.png"), "--format", "json")
    #expect(file.text.hasSuffix(String(run.text.dropFirst(#"{"schema":1,"file":"-""#.count))))
  }

  @Test func onePictureThatFailsDoesNotStopTheOthers() throws {
    try folder.file("aa.png", [])
    let run = try ask(folder.path, "--format", "json")
    #expect(run.status == 2)
    #expect(try reports(run).count == 2)
    #expect(run.errors.contains("aa.png") && run.errors.contains("1 of 3 pictures failed"))
  }

  @Test func aQuestionIsAnsweredTheSameAloneAndAmongOthers() throws {
    let both = try ask(folder.path("a.png"), "--format", "json")
    let one = try unit(
      "ask", folder.path("a.png"), "is it red?", "--model", model.path, "--format", "json")
    let answers = try #require(one.text.firstRange(of: #"{"question":"is it red?""#))
    #expect(both.text.hasSuffix(String(one.text[answers.lowerBound...])))
  }
}
