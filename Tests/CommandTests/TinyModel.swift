import Checkpoints
import Foundation
import Heads
import Inputs
import Models
import Tensors

/// A model of every kind of task with random weights, small enough to be made for each test.
struct TinyModel {
  private let folder: TemporaryFolder

  /// The model's folder.
  var path: String { folder.path }

  /// Makes the model in a temporary folder.
  init(_ tasks: [TaskSpec] = everyKind) throws {
    folder = try TemporaryFolder()
    let vocabulary = try Vocabulary(
      tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "what", "shape", "is", "it", "?"])
    let model = try MultitaskModel(
      .tiny(tasks: tasks, vocabulary: vocabulary.count),
      wordPiece: WordPiece(vocabulary: vocabulary), seed: 1)
    try ModelDirectory.save(model, to: path)
  }

  /// One task of every kind.
  static let everyKind = [
    TaskSpec(
      name: "shapes", head: "detection", group: "detection", index: 0, queries: 5,
      inputs: [.image], labels: ["circle", "square"], labelIDs: [7, 9],
      attributes: AttributeSpec(labels: ["red", "blue"], embedding: 8, hidden: 16)),
    TaskSpec(
      name: "questions", head: "answer", group: "vl", index: 1, queries: 2,
      inputs: [.image, .text], labels: ["circle", "red", "yes"], maximumTokens: 12),
    TaskSpec(
      name: "statements", head: "classification", group: "vl", index: 2, queries: 2,
      inputs: [.image, .text], labels: ["entailment", "neutral", "contradiction"],
      keepsOnlyCLS: true),
    TaskSpec(
      name: "mood", head: "classification", group: "glue", index: 3, queries: 2,
      inputs: [.text], labels: ["bad", "good"], keepsOnlyCLS: true),
  ]

  /// The text of `config.json`.
  var configuration: String {
    get throws { try String(contentsOfFile: path + "/config.json", encoding: .utf8) }
  }

  /// Replaces the text of `config.json`.
  func setConfiguration(_ text: String) throws {
    try folder.file("config.json", Array(text.utf8))
  }

  /// Writes the weights again after `change` was applied to their list.
  func changeWeights(
    _ change: (inout [(name: String, tensor: Tensor)]) throws -> Void
  ) throws {
    let file = try SafetensorsFile(contentsOf: path + "/model.safetensors")
    var tensors = try file.entries.map {
      (name: $0.name, tensor: Tensor(try file.tensor($0.name).elements, shape: $0.shape))
    }
    try change(&tensors)
    try writeSafetensors(tensors, to: path + "/model.safetensors")
  }

  /// Replaces one of the model's files, or adds one.
  func file(_ name: String, _ bytes: [UInt8]) throws { try folder.file(name, bytes) }

  /// Removes one of the model's files.
  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path + "/" + name)
  }
}
