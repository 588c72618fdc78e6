import Foundation
import Testing

/// `--labels` with models in this program's own layout.
struct LabelCommandTests {
  private let model: TinyModel
  private let folder: TemporaryFolder
  private let picture: String

  init() throws {
    model = try TinyModel()
    folder = try TemporaryFolder()
    picture = try folder.file("a.png", PictureSamples.png)
  }

  private func run(_ arguments: String...) throws -> Execution {
    try unit(raw: (arguments + ["--model", model.path]).map { Array($0.utf8) })
  }

  @Test func objectsAndAnswersGetOtherNames() throws {
    let objects = try folder.file("objects.json", Array(#"{"0": "ring", "1": "box"}"#.utf8))
    let found = try run(
      "detect", picture, "--threshold", "0", "--format", "json", "--labels", objects)
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.text.contains(/"label":"(ring","class_id":7|box","class_id":9)/))
    #expect(!found.text.contains("circle"))
    let answers = try folder.file("answers.txt", Array("rond\nrouge\noui\n".utf8))
    let asked = try run(
      "ask", picture, "what is it?", "--format", "json", "--labels", answers)
    #expect(asked.status == 0, "\(asked.errors)")
    for name in ["rond", "rouge", "oui"] { #expect(asked.text.contains("\"\(name)\"")) }
    let plain = try run("ask", picture, "what is it?", "--format", "json")
    let words = ["circle": "rond", "red": "rouge", "yes": "oui"]
    let translated = words.reduce(plain.text) {
      $0.replacingOccurrences(of: "\"\($1.key)\"", with: "\"\($1.value)\"")
    }
    #expect(asked.text == translated)
  }

  @Test func theOptionIsForTheTaskInUse() throws {
    let classes = try folder.file("classes.txt", Array("a\nb\nc\n".utf8))
    let run = try run(
      "ask", picture, "it is", "--task", "statements", "--format", "json", "--labels", classes)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains(#""answer":"b""#))
    expectFailure(
      try self.run("detect", picture, "--labels", classes), 65, saying: "expected 2 names",
      "'shapes'", "found 3")
  }
}
