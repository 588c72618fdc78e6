import Foundation
import Models
import Support
import Training

/// A recipe of four tasks of every kind with a tiny model; its data need not be there.
struct TinyTable {
  let folder: Support.TemporaryFolder
  let recipe: Recipe

  static let tasks = [
    TaskSpec(
      name: "shapes", head: "detection", group: "detection", index: 0, queries: 5,
      inputs: [.image], labels: ["circle", "square"],
      attributes: AttributeSpec(labels: ["red", "blue"], embedding: 8, hidden: 16)),
    TaskSpec(
      name: "questions", head: "answer", group: "vl", index: 1, queries: 2,
      inputs: [.image, .text], labels: ["circle", "red", "yes"]),
    TaskSpec(
      name: "mood", head: "classification", group: "glue", index: 2, queries: 2,
      inputs: [.text], labels: ["negative", "positive"]),
    TaskSpec(
      name: "unused", head: "classification", group: "glue", index: 3, queries: 2,
      inputs: [.text], labels: ["negative", "positive"]),
  ]

  static let text = """
    seed: 4
    model: config.json
    tasks:
      - task: shapes
        dataset: {kind: easy-vqa, path: data, evaluation_split: test}
        ratio: 0.5
        batch: 3
      - task: questions
        dataset: {kind: easy-vqa, path: data, evaluation_split: test}
        ratio: 0.3
        batch: 4
      - task: mood
        dataset: {kind: sst2, path: mood, evaluation_split: dev}
        ratio: 0.2
        batch: 4
      - task: unused
        dataset: {kind: sst2, path: mood}
        ratio: 0
        batch: 4
    steps: 101
    optimizer:
      lr: 1e-3
      groups: [{match: "unit_base_model.backbone.*", lr: 1e-4}]
      no_decay: ["bert_model.*.bias"]
    schedule: {warmup: 10}
    evaluate_every: 50
    monitor: {metric: shapes/AP50}
    """

  init(_ more: String = "", tokens: Int = 8) throws {
    folder = try Support.TemporaryFolder()
    var configuration = UniTConfiguration.tiny(tasks: Self.tasks, vocabulary: 12)
    configuration.image?.taskEmbeddings = tokens
    configuration.text?.taskEmbeddings = tokens
    let data = try JSONEncoder().encode(configuration)
    try folder.file("config.json", [UInt8](data))
    recipe = try Recipe(
      parsing: Self.text + "\n" + more, file: "r.yaml", folder: folder.path)
  }

  func plan() throws -> TablePlan { try TablePlan(recipe, folder: folder.path("table")) }
}
