import Datasets
import Foundation
import Inputs
import Models
import Support
import Testing

struct SceneDatasetTests {
  private static let recipe = Samples.path("Scenes") + "/recipe.yaml"
  private static let classes = ["", "ball", "kite", "ring", "box", "roof"]
  private static let attributes = [
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white",
    "gray", "small", "medium", "large",
  ]
  private static let labels = ["entailment", "neutral", "contradiction"]
  private static let answers =
    ["yes", "no", "left", "right", "above", "below", "0", "1", "2", "3", "4", "5"]
    + classes.dropFirst() + attributes

  private func open(_ task: TaskSpec, _ split: String = "train") throws -> any TaskDataset {
    try DatasetRegistry.open("scenes", Self.recipe, split, task)
  }

  @Test func objectsAreThoseOfTheWrittenScenes() throws {
    let data = try open(.toys(Self.classes, attributes: Self.attributes))
    #expect(data.count == 10_000)
    for index in [0, 3, 9999] {
      let sample = try data.sample(index)
      guard case .objects(let targets) = sample.target else {
        Issue.record("not objects")
        continue
      }
      let image = try #require(sample.image)
      let marked = try #require(sample.marked)
      #expect(targets.boxes.count == marked.count && !marked.isEmpty)
      for (box, pixels) in zip(targets.boxes, marked) {
        #expect(abs(Double(box.width) * Double(image.width) - pixels.width) < 1e-3)
        #expect(abs(Double(box.centerX) * 64 - pixels.x - pixels.width / 2) < 1e-3)
        #expect(pixels.area > 0 && (1...5).contains(pixels.category))
      }
      #expect(targets.attributes.allSatisfy { (1...2).contains($0.count) })
      #expect(try data.sample(index).image == image)
      #expect(sample.name.hasSuffix("recipe.yaml, train scene \(index)"))
    }
  }

  @Test func questionsHaveTheirAnswers() throws {
    let data = try open(.answering(Self.answers))
    var rows: Set<Int> = []
    for index in 0..<60 {
      let sample = try data.sample(index)
      #expect(sample.text?.hasSuffix("?") == true && sample.image?.width == 64)
      guard case .answers(let answers) = sample.target else { continue }
      #expect(answers.count == 1 && answers[0].weight == 1, "\(sample.text ?? "")")
      rows.formUnion(answers.map(\.row))
    }
    #expect(rows.count > 8)
  }

  @Test func statementsHaveTheirLabels() throws {
    let data = try open(.answering(head: "classification", Self.labels), "validation")
    #expect(data.count == 1000)
    let rows = try (0..<90).compactMap { index -> Int? in
      let sample = try data.sample(index)
      #expect(sample.text?.hasSuffix(".") == true && sample.image != nil)
      if case .category(let row) = sample.target { return row }
      return nil
    }
    for row in 0..<3 { #expect((14...46).contains(rows.count { $0 == row }), "\(row)") }
  }

  @Test func partsHaveOtherScenes() throws {
    let task = TaskSpec.toys(Self.classes)
    let (train, validation) = (try open(task), try open(task, "validation"))
    #expect(try train.sample(0).image != validation.sample(0).image)
  }

  @Test func mistakesAreWorded() throws {
    #expect(
      Samples.failure { _ = try open(.toys(Self.classes), "test") }.contains("train, validation"))
    #expect(
      Samples.failure { _ = try open(.toys(["", "ball", "kit"])) }.contains("did you mean 'kit'"))
    #expect(
      Samples.failure { _ = try open(.reading(["a", "b"])) }.contains("nothing for the task"))
    #expect(
      Samples.failure { _ = try open(.answering(head: "classification", ["a", "b"])) }
        .contains("entailment, neutral"))
    #expect(
      Samples.failure {
        _ = try DatasetRegistry.open("scenes", "/nowhere/fedora", "train", .toys(Self.classes))
      }.contains("'fedora' was not found; tried /nowhere/fedora"))
  }
}
