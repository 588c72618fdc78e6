import Datasets
import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

/// The small model of easy-VQA, on the sample of its test pictures.
struct EasyVQAModelTests {
  private static let folder = root + "/datasets/EasyVQA"
  private static let model = ["--model", folder + "/Model"]

  private let data: EasyVQA

  init() throws { data = try EasyVQA(directory: Self.folder + "/Sample", split: .test) }

  @Test func objectsAreFoundWithShapeAndColour() throws {
    for picture in data.pictures {
      let run = try unit(
        raw: (["detect", picture.path, "--attributes", "--format", "json"] + Self.model).map {
          Array($0.utf8)
        })
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
        + Self.model
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
}
