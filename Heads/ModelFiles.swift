import Checkpoints
import Foundation
import Tensors
import Wording

/// The ways in which a folder may hold a model.
public enum ModelLayout: String, Sendable, CaseIterable {
  /// This program's own.
  case unit
  /// That of Hugging Face's transformers.
  case huggingFace = "hf"
}

/// What the folder of a model holds.
public struct ModelFiles: Sendable {
  /// The small files by path in the folder: configuration, preprocessing, vocabulary.
  public var texts: [(name: String, bytes: [UInt8])]
  /// The weights in the order in which they are written.
  public var tensors: [(name: String, tensor: Tensor)]
  /// Entries for the header of the weights.
  public var metadata: [String: String]

  /// The files of a folder.
  public init(
    texts: [(name: String, bytes: [UInt8])], tensors: [(name: String, tensor: Tensor)],
    metadata: [String: String] = [:]
  ) {
    self.texts = texts
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Writes the folder; each file appears whole or not at all, the weights last.
  ///
  /// - Parameters:
  ///   - elementType: how the weights are stored: 32-bit floats, rounded to 16 bits, or those that
  ///     `quantized` names in 8 bits with a scale for each row.
  ///   - quantized: with `.int8`, the weights that are stored so.
  /// - Throws: `CheckpointError.cannotWrite`; an error that names the tensor for a number beyond
  ///   the range of `elementType`.
  public func write(
    to folder: String, elementType: ElementType = .float32, quantized: Set<String> = []
  ) throws {
    try createFolder(folder)
    var written: [String] = []
    do {
      for (name, bytes) in texts {
        let file = folder + "/" + name
        try createFolder(parentFolder(of: file))
        try writeAtomically(bytes, to: file)
        written.append(file)
      }
      try writeSafetensors(
        tensors, metadata: metadata, elementType: elementType, quantized: quantized,
        to: folder + "/" + ModelDirectory.FileName.weights)
    } catch {
      // Half a model would stand in the way of the next try.
      for file in written { try? FileManager.default.removeItem(atPath: file) }
      throw error
    }
  }
}

/// JSON text as configurations are written: sorted, indented, ended by a new line.
public func configurationText(_ value: some Encodable) throws -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return [UInt8](try encoder.encode(value)) + [10]
}

func createFolder(_ path: String) throws {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw CheckpointError.cannotWrite(file: path, reason: "the folder cannot be made")
  }
}
