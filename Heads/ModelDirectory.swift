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
    /// What is done to pictures, in the layout of transformers.
    public static let preprocessing = "preprocessor_config.json"
  }

  /// Opens a model of any family, in this program's layout or in that of transformers.
  ///
  /// - Parameters:
  ///   - labels: names in the place of those that the configuration has for a task.
  ///   - precision: the arithmetic of the model's products; nil for 8 bits where the weights are
  ///     stored so, and 32-bit floats elsewhere.
  ///   - readsTexts: whether tasks with texts are wanted; without, a model that has others comes
  ///     without its text encoder, which saves time and memory.
  /// - Throws: `ModelDirectoryError`, `ConfigurationError`, `CheckpointError`, `ParameterError`,
  ///   `VocabularyError` or `LabelFileError`, each naming file, entry, expected and found.
  public static func open(
    _ path: String, labels: LabelReplacement? = nil, precision: Precision? = nil,
    readsTexts: Bool = true
  ) throws -> any AnsweringModel {
    try FamilyRegistry.open(
      ModelFolder(path, labels: labels, precision: precision, readsTexts: readsTexts))
  }

  /// Opens a model that is made of UniT's parts, the kind that can be trained.
  ///
  /// - Throws: as `open`, and `ModelDirectoryError.otherFamily` for models that are none.
  public static func load(
    _ path: String, labels: LabelReplacement? = nil, precision: Precision? = nil
  ) throws -> MultitaskModel {
    let model = try open(path, labels: labels, precision: precision)
    guard let model = model as? MultitaskModel else {
      throw ModelDirectoryError.otherFamily(path: path, family: model.family)
    }
    return model
  }

  /// The weights of a model directory, or of a file of weights.
  public static func weights(_ path: String) throws -> ParameterSource {
    ParameterSource(tensors: try openCheckpoint(path).tensors(), file: path)
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
    try createFolder(path)
    try describe(model, in: path)
    let tensors = values ?? model.parameters.map(\.value)
    try writeSafetensors(
      zip(model.parameters, tensors).map { ($0.name, $1) }, metadata: metadata,
      to: path + "/" + FileName.weights)
  }

  /// Writes all of a model but its weights: the configuration and the vocabulary.
  public static func describe(_ model: MultitaskModel, in path: String) throws {
    for (name, bytes) in try model.descriptions {
      try writeAtomically(bytes, to: path + "/" + name)
    }
  }
}

extension ModelDirectory {
  /// The tokenizer of a UniT that reads text, from the vocabulary in a folder.
  public static func wordPiece(
    _ path: String, _ configuration: UniTConfiguration
  ) throws -> WordPiece? {
    try configuration.text.map {
      try wordPiece(
        path + "/" + FileName.vocabulary, count: $0.vocabulary, key: "text.vocabulary",
        of: path + "/" + FileName.configuration, lowercases: $0.lowercases)
    }
  }

  /// The tokenizer of a vocabulary whose lines must be as many as the model has embeddings.
  ///
  /// - Parameters:
  ///   - file: `vocab.txt`.
  ///   - count: rows of the model's embedding.
  ///   - key: the entry of `configuration` that says so, for the error.
  static func wordPiece(
    _ file: String, count: Int, key: String, of configuration: String, lowercases: Bool
  ) throws -> WordPiece {
    let vocabulary = try Vocabulary(contentsOf: file)
    guard vocabulary.count == count else {
      throw ConfigurationError.invalid(
        file: configuration, key: key,
        expected: "\(vocabulary.count), the lines of \(FileName.vocabulary)", found: "\(count)")
    }
    return WordPiece(vocabulary: vocabulary, lowercases: lowercases)
  }
}

extension MultitaskModel {
  /// The small files of this program's layout: the configuration and the vocabulary.
  var descriptions: [(name: String, bytes: [UInt8])] {
    get throws {
      typealias FileName = ModelDirectory.FileName
      var files = [(FileName.configuration, try configurationText(configuration))]
      if let wordPiece { files.append((FileName.vocabulary, wordPiece.vocabulary.fileText)) }
      return files
    }
  }
}

extension Vocabulary {
  /// The pieces as `vocab.txt` holds them, one a line.
  var fileText: [UInt8] { Array((tokens.joined(separator: "\n") + "\n").utf8) }
}

/// A folder that does not hold a model.
public enum ModelDirectoryError: Error, CustomStringConvertible, Equatable {
  /// There is nothing at the path.
  case missing(path: String)
  /// The path is a file.
  case notADirectory(path: String)
  /// One of the files is not there.
  case incomplete(path: String, file: String)
  /// The model is of a family that cannot do what is wanted, such as be trained.
  case otherFamily(path: String, family: String)

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
    case .otherFamily(let path, let family):
      return "\(path): a model of the family '\(family)' cannot be trained or measured here; "
        + "expected one of the family 'unit'. Choose another model with --model."
    }
  }
}
