import Foundation
import Heads
import Models
import Testing

/// The command that says what pictures show as a whole.
struct ClassifyTests {
  private let folder: TemporaryFolder
  private let model: String
  private let picture: String

  init() throws {
    folder = try TemporaryFolder()
    model = folder.path("classifier")
    picture = try folder.file("a.png", PictureSamples.png)
    let configuration = ImageClassifierConfiguration(
      backbone: .efficientNetLite(
        EfficientNetLiteConfiguration(
          stem: 8,
          stages: [.init(blocks: 2, kernel: 3, stride: 2, expansion: 2, width: 8)], head: 8)),
      labels: ["cat", "dog", "red car"], preprocessing: .efficientNetLite(side: 32))
    try ImageClassifierModel(configuration, source: .init(seed: 1)).files(.unit).write(to: model)
  }

  private func run(_ arguments: String...) throws -> Execution {
    try unit(raw: (["classify"] + arguments).map { Array($0.utf8) })
  }

  @Test func jsonHasItsFieldsInOrder() throws {
    let run = try run(picture, "--model", model, "--format", "json", "--top", "2")
    #expect(run.status == 0, "\(run.errors)")
    let entry = #"\{"label":"(cat|dog|red car)","class_id":[0-2],"score":[0-9.e-]+\}"#
    let pattern =
      #"^\{"schema":1,"file":".*a\.png","task":"classes","classes":\[\#(entry),\#(entry)\]\}\n$"#
    #expect(try run.text.firstMatch(of: Regex(pattern)) != nil, "\(run.text)")
  }

  @Test func textAndHuggingFacesFormatListAllClasses() throws {
    let text = try run(picture, "--model", model)
    #expect(text.text.split(separator: "\n").count == 3)
    let listed = try run(picture, "--model", model, "--format", "hf")
    let classes = try #require(
      try JSONSerialization.jsonObject(with: Data(listed.output)) as? [[String: Any]])
    #expect(Set(classes.compactMap { $0["label"] as? String }) == ["cat", "dog", "red car"])
    let scores = classes.compactMap { $0["score"] as? Double }
    #expect(abs(scores.reduce(0, +) - 1) < 1e-5 && scores == scores.sorted(by: >))
  }

  @Test func labelsCanBeGiven() throws {
    let labels = try folder.file("labels.txt", Array("Katze\nHund\nAuto\n".utf8))
    let run = try run(picture, "--model", model, "--labels", labels)
    #expect(run.status == 0, "\(run.errors)")
    for name in ["Katze", "Hund", "Auto"] { #expect(run.text.contains(name), "\(run.text)") }
    let short = try folder.file("short.txt", Array("Katze\n".utf8))
    expectFailure(
      try self.run(picture, "--model", model, "--labels", short), 65, saying: "short.txt",
      "expected 3 names", "found 1")
  }

  @Test func severalPicturesAreNamed() throws {
    let run = try run(picture, folder.path("none.png"), "--model", model)
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.text.contains("a.png\n"))
    #expect(run.errors.contains("none.png"))
  }

  @Test func wrongUseIsRefused() throws {
    expectFailure(try run(picture, "--model", model, "--top", "0"), 64, saying: "--top")
    expectFailure(
      try run(picture, "--model", model, "--task", "clases"), 64, saying: "'clases'", "classes")
    expectFailure(try run(picture, "--model", model, "--format", "xml"), 64, saying: "xml")
    let other = try TinyModel()
    expectFailure(
      try run(picture, "--model", other.path), 64, saying: "no task that classifies pictures")
    expectFailure(
      try unit("ask", picture, "why?", "--model", model), 64, saying: "answers questions")
  }
}
