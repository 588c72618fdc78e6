import Foundation

/// Finds the weights in a folder, such as a Hugging Face model or an unpacked MMF one.
enum WeightsFolder {
  /// Hugging Face's names, the one to prefer first.
  private static let usualNames = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    "pytorch_model.bin.index.json",
  ]
  /// Endings of files that may hold weights.
  static let endings = [".safetensors", ".pth", ".pt", ".bin", ".ckpt"]

  /// The path of the one file of weights.
  ///
  /// - Throws: `CheckpointError.cannotRead`; `.unclearWeights` where there is none, or more than
  ///   one.
  static func weights(in folder: String) throws -> String {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw CheckpointError.cannotRead(file: folder, reason: "the folder cannot be listed")
    }
    let place = folder as NSString
    if let usual = usualNames.first(where: { names.contains($0) }) {
      return place.appendingPathComponent(usual)
    }
    let candidates = names.filter { name in
      !name.hasPrefix(".") && endings.contains { name.hasSuffix($0) }
    }
    guard candidates.count == 1 else {
      throw CheckpointError.unclearWeights(file: folder, found: candidates)
    }
    return place.appendingPathComponent(candidates[0])
  }
}
