import Checkpoints
import Foundation
import Inputs
import Layers
import Models
import Tensors

/// A model on disk: a folder with `config.json`, `model.safetensors` and, where the model reads
/// text, `vocab.txt`.
public enum ModelDirectory {
  /// The files' names.
  public enum FileName {
    /// Dimensions, tasks, preprocessing.
    public static let configuration = "config.json"
    /// The weights.
    public static let weights = "model.safetensors"
    /// The word pieces, one a line.
    public static let vocabulary = "vocab.txt"
  }

  /// Opens a model.
  ///
  /// - Throws: `ModelDirectoryError`, `ConfigurationError`, `CheckpointError`, `ParameterError` or
  ///   `VocabularyError`, each naming file, entry, expected and found.
  public static func load(_ path: String) throws -> MultitaskModel {
    let configuration = try self.configuration(path)
    return try MultitaskModel(
      configuration, wordPiece: wordPiece(path, configuration), source: weights(path))
  }

  /// The weights of a model directory, or of a file of weights.
  public static func weights(_ path: String) throws -> ParameterSource {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    let file = exists && isDirectory.boolValue ? path + "/" + FileName.weights : path
    let checkpoint = try SafetensorsFile(contentsOf: file)
    var tensors: [String: Tensor] = [:]
    for entry in checkpoint.entries { tensors[entry.name] = try checkpoint.tensor(entry.name) }
    return ParameterSource(tensors: tensors, file: file)
  }

  /// Reads and validates the configuration alone.
  public static func configuration(_ path: String) throws -> UniTConfiguration {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw ModelDirectoryError.missing(path: path)
    }
    guard isDirectory.boolValue else { throw ModelDirectoryError.notADirectory(path: path) }
    let file = path + "/" + FileName.configuration
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ModelDirectoryError.incomplete(path: path, file: FileName.configuration)
    }
    let configuration = try decodeStrictly(UniTConfiguration.self, from: data, file: file)
    try configuration.validate(file: file, heads: HeadRegistry.names)
    for needed in [FileName.weights] + (configuration.text == nil ? [] : [FileName.vocabulary])
    where !FileManager.default.fileExists(atPath: path + "/" + needed) {
      throw ModelDirectoryError.incomplete(path: path, file: needed)
    }
    return configuration
  }

  /// Writes a model; each file appears whole or not at all, the weights last.
  ///
  /// - Parameters:
  ///   - values: the weights to write instead of the model's own, such as averaged ones.
  ///   - metadata: entries for the header of the weights.
  public static func save(
    _ model: MultitaskModel, values: [Tensor]? = nil, metadata: [String: String] = [:],
    to path: String
  ) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try describe(model, in: path)
    let tensors = values ?? model.parameters.map(\.value)
    try writeSafetensors(
      zip(model.parameters, tensors).map { ($0.name, $1) }, metadata: metadata,
      to: path + "/" + FileName.weights)
  }

  /// Writes all of a model but its weights: the configuration and the vocabulary.
  public static func describe(_ model: MultitaskModel, in path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let configuration = try encoder.encode(model.configuration)
    try writeAtomically([UInt8](configuration) + [10], to: path + "/" + FileName.configuration)
    if let wordPiece = model.wordPiece {
      let lines = wordPiece.vocabulary.tokens.joined(separator: "\n") + "\n"
      try writeAtomically(Array(lines.utf8), to: path + "/" + FileName.vocabulary)
    }
  }

  /// The tokenizer of a model that reads text, from the vocabulary in a folder.
  public static func wordPiece(
    _ path: String, _ configuration: UniTConfiguration
  ) throws -> WordPiece? {
    guard let text = configuration.text else { return nil }
    let file = path + "/" + FileName.vocabulary
    let vocabulary = try Vocabulary(contentsOf: file)
    guard vocabulary.count == text.vocabulary else {
      throw ConfigurationError.invalid(
        file: path + "/" + FileName.configuration, key: "text.vocabulary",
        expected: "\(vocabulary.count), the lines of \(FileName.vocabulary)",
        found: "\(text.vocabulary)")
    }
    return WordPiece(vocabulary: vocabulary, lowercases: text.lowercases)
  }
}

/// A folder that does not hold a model.
public enum ModelDirectoryError: Error, CustomStringConvertible, Equatable {
  /// There is nothing at the path.
  case missing(path: String)
  /// The path is a file.
  case notADirectory(path: String)
  /// One of the files is not there.
  case incomplete(path: String, file: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let path):
      return "\(path): there is no such model. Give --model the folder that holds config.json, "
        + "or leave it out to use the model that comes with the program."
    case .notADirectory(let path):
      return "\(path): a model is a folder with config.json and model.safetensors, this is a file."
    case .incomplete(let path, let file):
      return "\(path): the model lacks \(file). Copy the whole folder that holds it."
    }
  }
}
