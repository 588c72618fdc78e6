import Checkpoints
import Foundation
import Heads
import Inputs
import Support
import Tensors

/// A copy of one of the model folders of `Goldens/ConditionalDETR`, changed for a test.
final class DetectorFolder {
  private let folder: TemporaryFolder

  /// Where the copy is.
  var path: String { folder.path }

  /// Copies a folder.
  ///
  /// - Parameters:
  ///   - name: `conditional` or `dab`.
  ///   - configuration: changes the entries of `config.json`.
  ///   - tensors: changes the weights.
  init(
    _ name: String, configuration: (inout [String: Any]) -> Void = { _ in },
    tensors: (inout [String: Tensor]) -> Void = { _ in }
  ) throws {
    let source = Self.path(name)
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: source + "/preprocessor_config.json", toPath: path + "/preprocessor_config.json")
    let text = FileManager.default.contents(atPath: source + "/config.json") ?? Data()
    var entries = try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
    configuration(&entries)
    try JSONSerialization.data(withJSONObject: entries)
      .write(to: URL(fileURLWithPath: path + "/config.json"))
    var weights = try Self.tensors(source)
    tensors(&weights)
    try writeSafetensors(
      weights.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      to: path + "/model.safetensors")
  }

  /// Opens the model while the folder is there.
  func open() throws -> any AnsweringModel {
    try withExtendedLifetime(self) { try ModelDirectory.open(path) }
  }

  /// What the error of opening the model says.
  func message() -> String {
    do {
      _ = try open()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  /// Where a golden folder is.
  static func path(_ name: String) -> String { Golden.path("ConditionalDETR/\(name)") }

  /// The weights of a folder as they are in the file.
  static func tensors(_ folder: String) throws -> [String: Tensor] {
    let file = try SafetensorsFile(contentsOf: folder + "/model.safetensors")
    var tensors: [String: Tensor] = [:]
    for entry in file.entries { tensors[entry.name] = try file.tensor(entry.name) }
    return tensors
  }

  /// The two padded pictures of the goldens.
  static func images() throws -> ImageBatch {
    let golden = try Golden("ConditionalDETR/inputs.safetensors")
    return ImageBatch(
      pixels: golden["pixels"] / 64 - 2, mask: golden.booleans("mask"))
  }
}
