import Checkpoints
import Foundation
import Inputs
import Layers
import Models
import Tensors

/// A folder that holds a model of any family, with its configuration read.
public struct ModelFolder {
  /// Where the folder is.
  public let path: String
  /// Its `config.json`.
  public let configuration: JSONObject
  private let configurationData: Data
  private let precision: Precision?
  /// Whether tasks with texts are wanted.
  let readsTexts: Bool

  /// Reads the configuration of a folder.
  ///
  /// - Parameters:
  ///   - labels: names in the place of those that the configuration has for a task.
  ///   - precision: the arithmetic of the model's products; nil for what the weights suggest.
  ///   - readsTexts: whether tasks with texts are wanted; families that have both may do without.
  /// - Throws: `ModelDirectoryError`, `ConfigurationError`, `LabelFileError`.
  public init(
    _ path: String, labels: LabelReplacement? = nil, precision: Precision? = nil,
    readsTexts: Bool = true
  ) throws {
    self.path = path
    self.readsTexts = readsTexts
    self.precision = precision
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw ModelDirectoryError.missing(path: path)
    }
    guard isDirectory.boolValue else { throw ModelDirectoryError.notADirectory(path: path) }
    let file = path + "/" + ModelDirectory.FileName.configuration
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ModelDirectoryError.incomplete(
        path: path, file: ModelDirectory.FileName.configuration)
    }
    configurationData = try labels?.applied(to: data) ?? data
    configuration = try JSONObject(configurationData, file: file)
  }

  /// The path of a file of the folder, or nil where there is none of this name.
  public func file(_ name: String) -> String? {
    let file = path + "/" + name
    return FileManager.default.fileExists(atPath: file) ? file : nil
  }

  /// The path of a file that the model needs.
  ///
  /// - Throws: `ModelDirectoryError.incomplete`.
  public func requiredFile(_ name: String) throws -> String {
    guard let file = file(name) else {
      throw ModelDirectoryError.incomplete(path: path, file: name)
    }
    return file
  }

  /// The configuration as this program writes it; an entry that the type lacks is an error.
  public func strictConfiguration<Value: Codable>(_ type: Value.Type) throws -> Value {
    try decodeStrictly(type, from: configurationData, file: configuration.file)
  }

  /// Where the weights are: this program's file, or one of those that transformers writes.
  ///
  /// - Throws: `ModelDirectoryError.incomplete`.
  public func weightsFile() throws -> String {
    let names = [
      ModelDirectory.FileName.weights, "model.safetensors.index.json", "pytorch_model.bin",
      "pytorch_model.bin.index.json",
    ]
    for name in names { if let file = file(name) { return file } }
    throw ModelDirectoryError.incomplete(path: path, file: ModelDirectory.FileName.weights)
  }

  /// The weights by name, as they are in the file.
  ///
  /// - Parameter isWanted: whether the tensor of a name is read at all.
  /// - Throws: `ModelDirectoryError.incomplete`, `CheckpointError`.
  public func weights(
    where isWanted: (String) -> Bool = { _ in true }
  ) throws -> (tensors: [String: Tensor], file: String) {
    let file = try weightsFile()
    return (try openCheckpoint(file).tensors(where: isWanted), file)
  }

  /// The weights as a source of parameters, without renaming.
  public func parameterSource(
    where isWanted: (String) -> Bool = { _ in true }
  ) throws -> ParameterSource {
    let (tensors, file) = try weights(where: isWanted)
    return try parameterSource(tensors, file: file)
  }

  /// A source of parameters that were made of the folder's weights.
  ///
  /// - Parameters:
  ///   - tensors: the weights by the names that the model's layers have.
  ///   - file: the file they come from, for error messages.
  ///   - spelling: what that file calls a weight, for error messages.
  func parameterSource(
    _ tensors: [String: Tensor], file: String,
    spelling: @escaping (String) -> String = { $0 }
  ) throws -> ParameterSource {
    let source = ParameterSource(tensors: tensors, file: file, spelling: spelling)
    source.precision = try precision ?? (storesBytes(file) ? .int8 : .f32)
    return source
  }

  /// Whether weights are stored in 8 bits; only this program writes such files.
  private func storesBytes(_ file: String) throws -> Bool {
    guard file.hasSuffix(ModelDirectory.FileName.weights) else { return false }
    return try SafetensorsFile(contentsOf: file).hasQuantizedRows
  }

  /// The tokenizer of `vocab.txt`, whose lines must be as many as the model has embeddings.
  ///
  /// - Parameters:
  ///   - count: rows of the model's embedding.
  ///   - key: the entry of the configuration that says so, for the error.
  public func wordPiece(count: Int, key: String, lowercases: Bool) throws -> WordPiece {
    try ModelDirectory.wordPiece(
      requiredFile(ModelDirectory.FileName.vocabulary), count: count, key: key,
      of: configuration.file, lowercases: lowercases)
  }
}

extension ModelFolder {
  /// How pictures become the network's input, as `preprocessor_config.json` says.
  ///
  /// - Parameter standard: the family's, where the folder has no such file.
  /// - Throws: `PreprocessorFileError`.
  public func preprocessing(standard: Preprocessing) throws -> Preprocessing {
    guard let file = file(ModelDirectory.FileName.preprocessing) else { return standard }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ModelDirectoryError.incomplete(
        path: path, file: ModelDirectory.FileName.preprocessing)
    }
    return try Preprocessing(huggingFace: data, file: file)
  }

  /// The names of a detector's classes by row; COCO's where nobody named its 91 rows.
  ///
  /// - Parameter count: rows of the class layer where `id2label` does not say; nil: required.
  /// - Throws: as `labels`.
  public func objectLabels(count: Int? = nil) throws -> [String] {
    let labels = try labels(count: count)
    let isNamed = labels.enumerated().contains { !$1.isEmpty && $1 != Self.placeholder($0) }
    return !isNamed && labels.count == CocoLabels.names.count ? CocoLabels.names : labels
  }

  /// The names of the classes by row, from `id2label`; "" for a class without a name. Where no class
  /// has one, they are numbered.
  ///
  /// - Parameter count: rows of the class layer where `id2label` does not say; nil: required.
  /// - Throws: `ConfigurationError` for ids that are no rows.
  public func labels(count: Int? = nil) throws -> [String] {
    guard let table = try configuration.object("id2label") else {
      let rows = try configuration.int("num_labels", count, in: 1...1_000_000)
      return (0..<rows).map(Self.placeholder)
    }
    let keys = table.keys
    var labels = [String](repeating: "", count: keys.count)
    for key in keys {
      guard let row = Int(key), labels.indices.contains(row) else {
        throw table.invalid(
          key, expected: "under a number in 0...\(keys.count - 1), one for each of the classes")
      }
      let name = try table.string(key)
      labels[row] = name == "N/A" ? "" : name
    }
    return labels.contains { !$0.isEmpty } ? labels : labels.indices.map(Self.placeholder)
  }

  /// What transformers calls a class that nobody named.
  private static func placeholder(_ row: Int) -> String {
    "LABEL_\(row)"
  }
}
