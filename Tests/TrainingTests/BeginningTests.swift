import Datasets
import Foundation
import Heads
import Inputs
import Models
import Support
import Testing

@testable import Training

struct BeginningTests {
  private let folder: Support.TemporaryFolder
  private let shapes = TaskSpec(
    name: "shapes", head: "detection", group: "detection", index: 0, queries: 5, inputs: [.image],
    labels: EasyVQA.shapes)
  private let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "fine"]

  init() throws { folder = try Support.TemporaryFolder() }

  /// A recipe of a detector that also reads, which begins with the weights of a path.
  private func recipe(_ weights: String) throws -> Recipe {
    let mood = TaskSpec(
      name: "mood", head: "classification", group: "glue", index: 1, queries: 2, inputs: [.text],
      labels: ["negative", "positive"])
    let configuration = UniTConfiguration.tiny(tasks: [shapes, mood], vocabulary: pieces.count)
    try folder.file("config.json", [UInt8](try JSONEncoder().encode(configuration)))
    try folder.file("vocab.txt", pieces.joined(separator: "\n") + "\n")
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../datasets").standardizedFileURL.path
    let text = """
      model: config.json
      weights: {model: \(weights)}
      tasks:
        - {task: shapes, dataset: {kind: easy-vqa, path: \(data)/EasyVQA/Sample}, batch: 2}
        - {task: mood, dataset: {kind: sst2, path: \(data)/GLUE/Sample/SST-2}, batch: 2}
      steps: 1
      optimizer: {lr: 1e-3}
      """
    return try Recipe(parsing: text, file: "r.yaml", folder: folder.path)
  }

  @Test func whatModelsHaveInCommonIsTaken() throws {
    let detector = try MultitaskModel(
      .tiny(tasks: [shapes], vocabulary: 9), wordPiece: nil, seed: 77)
    // A model that only sees has no text encoder.
    var configuration = detector.configuration
    configuration.text = nil
    let start = try MultitaskModel(configuration, wordPiece: nil, seed: 77)
    try ModelDirectory.save(start, to: folder.path("detector"))
    let model = try JointTraining(
      recipe("detector"), folder: folder.path("run"), options: .init()
    ).model
    let known = Dictionary(uniqueKeysWithValues: start.parameters.map { ($0.name, $0.value) })
    var others = 0
    for parameter in model.parameters {
      if let value = known[parameter.name] {
        #expect(parameter.value.elements == value.elements, "\(parameter.name)")
      } else {
        others += 1
      }
    }
    #expect(others > 0 && model.parameters.count - others == known.count)
  }

  @Test func aModelWithNothingInCommonIsRefused() throws {
    try folder.file("other.safetensors", [2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8))
    let error = #expect(throws: TrainingError.self) {
      try JointTraining(
        recipe("other.safetensors"), folder: folder.path("run"), options: .init())
    }
    #expect("\(error!)".contains("other.safetensors: has no parameter"), "\(error!)")
  }
}
