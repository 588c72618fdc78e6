import Checkpoints
import Foundation
import Support
import Tensors

/// A copy of the folder that `Goldens/ViLT/make.py` let transformers save, to be changed by a test.
struct ViLTFolder {
  /// Where the weights are.
  enum Weights: String, CaseIterable {
    case safetensors = "model.safetensors"
    case bin = "pytorch_model.bin"
  }

  private let folder: TemporaryFolder

  /// The folder's path.
  var path: String { folder.path }

  init(_ weights: Weights = .safetensors) throws {
    folder = try TemporaryFolder()
    for name in ["config.json", "preprocessor_config.json", "tokenizer_config.json", "vocab.txt"] {
      try copy("model/\(name)", name)
    }
    try copy(weights == .bin ? "model.bin" : "model/model.safetensors", weights.rawValue)
  }

  private func copy(_ golden: String, _ name: String) throws {
    try FileManager.default.copyItem(
      atPath: Golden.path("ViLT/\(golden)"), toPath: folder.path(name))
  }

  /// Replaces words in one of the small files.
  func replace(_ words: String, with others: String, in name: String) throws {
    let text = try String(contentsOfFile: folder.path(name), encoding: .utf8)
    try folder.file(name, Array(text.replacingOccurrences(of: words, with: others).utf8))
  }

  /// Writes the weights again after `change` was applied to them.
  func changeWeights(_ change: (inout [String: Tensor]) throws -> Void) throws {
    let golden = try Golden("ViLT/model/model.safetensors")
    var tensors: [String: Tensor] = [:]
    for name in golden.names { tensors[name] = golden[name] }
    try change(&tensors)
    try writeSafetensors(
      tensors.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) },
      to: folder.path(Weights.safetensors.rawValue))
  }

  /// Asks questions of this model about the picture of the goldens, or another.
  func ask(
    _ questions: String..., picture: String = Golden.path("ViLT/picture.png"),
    options: [String] = []
  ) throws -> Execution {
    let arguments = ["ask", picture] + questions + ["--model", path] + options
    return try unit(raw: arguments.map { Array($0.utf8) })
  }
}
