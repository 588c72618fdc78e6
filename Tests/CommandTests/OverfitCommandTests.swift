import Datasets
import Foundation
import Models
import Support
import Testing

/// `unit train --overfit`: a recipe that can learn, and one that cannot.
struct OverfitCommandTests {
  private let folder: TemporaryFolder
  private let model: TinyModel
  private let recipe: String

  init() throws {
    folder = try TemporaryFolder()
    model = try TinyModel([
      TaskSpec(
        name: "shapes", head: "detection", group: "detection", index: 0, queries: 5,
        inputs: [.image], labels: EasyVQA.shapes),
      TaskSpec(
        name: "questions", head: "answer", group: "vl", index: 1, queries: 2,
        inputs: [.image, .text], labels: EasyVQA.answers),
    ])
    let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("datasets/EasyVQA/Sample").path
    let text = """
      seed: 3
      model: \(model.path)/config.json
      tasks:
        - task: shapes
          dataset: {kind: easy-vqa, path: \(sample), split: train, evaluation_split: test}
          batch: 8
          augment: {flip: true, shift: 4}
        - task: questions
          dataset: {kind: easy-vqa, path: \(sample), split: train, evaluation_split: test}
          batch: 8
      steps: 1600
      optimizer: {lr: 2e-3, clip: 1.0}
      schedule: {warmup: 20, kind: cosine}
      ema: {decay: 0.999}
      """
    recipe = try folder.file("recipe.yaml", Array(text.utf8))
  }

  @Test func aSoundRecipeLearnsItsSamplesByHeart() throws {
    let run = try unit("train", recipe, "--output", folder.path("run"), "--overfit", "2")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("learnt 2 samples of each task by heart in"), "\(run.errors)")
    #expect(run.errors.contains("memory: about"), "\(run.errors)")
  }

  @Test func aRecipeThatCannotLearnIsToldWhy() throws {
    let run = try unit(
      "train", recipe, "--output", folder.path("run"), "--overfit", "2", "--quiet", "--set",
      "steps=60", "--set", "optimizer.lr=1e-9")
    #expect(run.status == 1)
    #expect(
      run.errors.hasPrefix(
        "unit: the model did not learn 2 samples by heart: task 'shapes' has AP50"))
    #expect(run.errors.contains("'optimizer.lr' is too small"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 2)
    expectFailure(
      try unit("train", recipe, "--output", "x", "--overfit", "0"), 64, saying: "--overfit")
  }
}
