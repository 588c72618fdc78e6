import Datasets
import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path
private let source = root + "/Sources/unit/DefaultModel"

/// The model that comes with the program, on the sample of easy-VQA's test pictures.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: source + "/config.json")))
struct DefaultModelTests {
  private static let sample = root + "/datasets/EasyVQA/Sample"

  private let data: EasyVQA

  init() throws { data = try EasyVQA(directory: Self.sample, split: .test) }

  @Test func objectsAreFoundWithShapeAndColour() throws {
    for picture in data.pictures {
      let run = try unit("detect", picture.path, "--attributes", "--format", "json")
      #expect(run.status == 0, "\(run.errors)")
      let report = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
      let objects = try #require(report?["detections"] as? [[String: Any]])
      #expect(objects.count == 1, "\(picture.path)")
      #expect(objects.first?["label"] as? String == EasyVQA.shapes[picture.shape])
      let attributes = objects.first?["attributes"] as? [[String: Any]]
      #expect(attributes?.first?["label"] as? String == EasyVQA.colours[picture.colour])
      let box = try #require(objects.first?["box"] as? [String: Double])
      for (found, drawn) in [
        ("x", picture.box.x), ("y", picture.box.y), ("width", picture.box.width),
        ("height", picture.box.height),
      ] { #expect(abs(box[found]! - Double(drawn)) < 4, "\(picture.path) \(found)") }
    }
  }

  // The model is not perfect, so one or the other question of the sample may go wrong.
  @Test func nearlyAllQuestionsAreAnsweredRightly() throws {
    var right = 0
    for (index, picture) in data.pictures.enumerated() {
      let questions = data.questions.filter { $0.picture == index }
      let arguments =
        ["ask", picture.path] + questions.map(\.text) + ["--top", "1", "--format", "json"]
      let run = try unit(raw: arguments.map { Array($0.utf8) })
      #expect(run.status == 0, "\(run.errors)")
      let report = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
      let lists = try #require(report?["answers"] as? [[String: Any]])
      for (list, question) in zip(lists, questions) {
        let best = (list["answers"] as? [[String: Any]])?.first?["answer"] as? String
        if best == EasyVQA.answers[question.answer] { right += 1 }
      }
    }
    #expect(Double(right) >= 0.9 * Double(data.questions.count))
  }

  @Test func theModelMovesWithTheProgram() throws {
    let folder = try TemporaryFolder()
    let built = URL(fileURLWithPath: Spawn.executable).deletingLastPathComponent()
    for name in ["unit", "UniT_unit.resources"] {
      try FileManager.default.copyItem(
        atPath: built.appendingPathComponent(name).path, toPath: folder.path(name))
    }
    let moved = try unit("doctor", executable: folder.path("unit"))
    // The program names its place without symbolic links, so only the end is compared.
    let place = URL(fileURLWithPath: folder.path).lastPathComponent
    #expect(
      moved.text.contains("/\(place)/UniT_unit.resources/DefaultModel"), "\(moved.text)")
    #expect(moved.text.contains(/default model +\/.*UniT_unit.resources/), "\(moved.text)")
    // An installed program finds it under share.
    _ = try folder.folder("bin")
    _ = try folder.folder("share/unit")
    try FileManager.default.moveItem(atPath: folder.path("unit"), toPath: folder.path("bin/unit"))
    try FileManager.default.moveItem(
      atPath: folder.path("UniT_unit.resources/DefaultModel"),
      toPath: folder.path("share/unit/DefaultModel"))
    let installed = try unit(
      "ask", data.pictures[0].path, "what shape is it?", executable: folder.path("bin/unit"))
    #expect(installed.status == 0, "\(installed.errors)")
  }

  @Test func theModelIsSmall() throws {
    let files = try FileManager.default.subpathsOfDirectory(atPath: source)
    let bytes = try files.reduce(0) { sum, file in
      let attributes = try FileManager.default.attributesOfItem(atPath: source + "/" + file)
      return sum + (attributes[.size] as? Int ?? 0)
    }
    #expect(bytes <= 12_000_000)
  }
}
