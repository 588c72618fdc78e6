import Checkpoints
import Foundation
import Inputs
import Layers
import Models
import Tensors
import Yams

/// A model that MMF trained: a checkpoint with whatever lies beside it.
///
/// ```swift
/// let checkpoint = try UniTCheckpoint("unit_final.pth")
/// let model = try checkpoint.model(vocabulary: "bert-base-uncased/vocab.txt")
/// ```
public struct UniTCheckpoint: Sendable {
  /// The weights and the network.
  public let contents: UniTImport
  /// Where the checkpoint was found.
  public let path: String

  /// Reads a checkpoint: `*_final.pth`, `best.ckpt`, the `.tar.gz` of MMF's model zoo, or such an
  /// archive unpacked.
  ///
  /// - Throws: `CheckpointError`, `ConfigurationError`, `UniTImportError`.
  public init(_ path: String) throws {
    try self.init(openCheckpoint(path))
  }

  /// Reads an open checkpoint.
  ///
  /// - Parameter dilatesLastStage: whether the convolutional network is DC5; nil for what MMF's
  ///   configuration says, and without one for yes, as in all released models.
  /// - Throws: `CheckpointError`, `ConfigurationError`, `UniTImportError`.
  public init(_ archive: any TensorArchive, dilatesLastStage: Bool? = nil) throws {
    path = archive.path
    var settings =
      try Self.mmfConfiguration(of: archive).map { try UniTSettings(mmf: $0) } ?? UniTSettings()
    if let dilatesLastStage { settings.dilatesLastStage = dilatesLastStage }
    contents = try UniTImport(archive, settings: settings)
  }

  /// The checkpoint as a model of this program.
  ///
  /// - Parameters:
  ///   - vocabulary: BERT's `vocab.txt`; nil for the one beside the checkpoint.
  ///   - labels: names for the layer that has as many rows, or one row more for the background.
  ///     Beside the checkpoint `<task>.labels.txt`, `<task>.attributes.txt` and MMF's
  ///     `answers_vqa.txt` are used where they are.
  /// - Throws: `ParameterError` for missing weights and wrong shapes; `UniTImportError` where there
  ///   is no vocabulary, or the wrong one, or names fit no layer.
  public func model(vocabulary: String? = nil, labels: [String]? = nil) throws -> MultitaskModel {
    var configuration = contents.configuration
    configuration.tasks = try configuration.tasks.map(named)
    if let labels { try configuration.tasks.nameLayer(labels, file: path) }
    try configuration.validate(file: path, heads: HeadRegistry.names)
    return try MultitaskModel(
      configuration, wordPiece: try wordPiece(vocabulary),
      source: ParameterSource(tensors: contents.tensors, file: path))
  }

  private func wordPiece(_ given: String?) throws -> WordPiece? {
    guard let text = contents.configuration.text else { return nil }
    guard let file = given ?? neighbour(ModelDirectory.FileName.vocabulary) else {
      throw UniTImportError.noVocabulary(file: path, count: text.vocabulary)
    }
    let vocabulary = try Vocabulary(contentsOf: file)
    guard vocabulary.count == text.vocabulary else {
      throw UniTImportError.wrongVocabulary(
        file: file, expected: text.vocabulary, found: vocabulary.count)
    }
    return WordPiece(vocabulary: vocabulary, lowercases: text.lowercases)
  }

  private func named(_ task: TaskSpec) throws -> TaskSpec {
    var task = task
    let answers = task.name == "vqa2" ? neighbour("answers_vqa.txt") : nil
    if let file = neighbour("\(task.name).labels.txt") ?? answers {
      task.labels = try LayerNames(contentsOf: file).labels(task.labels.count)
    }
    if let attributes = task.attributes?.labels,
      let file = neighbour("\(task.name).attributes.txt")
    {
      task.attributes?.labels = try LayerNames(contentsOf: file).labels(attributes.count)
    }
    return task
  }

  /// A file beside the checkpoint, nil where there is none.
  private func neighbour(_ name: String) -> String? { Self.neighbour(name, of: path) }

  private static func neighbour(_ name: String, of path: String) -> String? {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let file = folder.appendingPathComponent(name).path
    return FileManager.default.fileExists(atPath: file) ? file : nil
  }

  /// MMF's configuration: within the checkpoint, within its tar archive, or beside it.
  private static func mmfConfiguration(of archive: any TensorArchive) throws -> JSONObject? {
    if let value = archive.document?["config"], case .dictionary = value {
      return try object(value.json, file: archive.path)
    }
    let packed = archive.metadata.first { $0.key.hasSuffix("config.yaml") }?.value
    guard let file = packed == nil ? neighbour("config.yaml", of: archive.path) : archive.path
    else { return nil }
    guard
      let text = packed
        ?? FileManager.default.contents(atPath: file).map({ String(decoding: $0, as: UTF8.self) })
    else { throw ConfigurationError.missing(file: file) }
    guard let value = try? Yams.load(yaml: text) else {
      throw ConfigurationError.malformed(file: file, reason: "the file is not valid YAML.")
    }
    return try object(plain(value), file: file)
  }

  private static func object(_ value: Any, file: String) throws -> JSONObject {
    guard JSONSerialization.isValidJSONObject(value),
      let data = try? JSONSerialization.data(withJSONObject: value)
    else {
      throw ConfigurationError.malformed(
        file: file, reason: "MMF's configuration should be a table of entries.")
    }
    return try JSONObject(data, file: file)
  }

  /// YAML's values as JSON has them.
  private static func plain(_ value: Any) -> Any {
    switch value {
    case let table as [AnyHashable: Any]:
      Dictionary(table.map { ("\($0.key)", plain($0.value)) }) { $1 }
    case let list as [Any]: list.map(plain)
    case let number as Double: number.isFinite ? number : NSNull()
    case is String, is Bool, is Int: value
    default: NSNull()
    }
  }
}

extension CheckpointLayout {
  /// UniT's checkpoints as MMF writes them.
  static let unit = CheckpointLayout(
    name: "unit", recognizes: { UniTImport.recognizes($0.keys) },
    open: { archive, options in
      let model = try UniTCheckpoint(archive, dilatesLastStage: options.dilatesLastStage)
        .model(vocabulary: options.vocabulary, labels: options.labels)
      let unnamed = model.tasks.flatMap { task in
        (isNumbered(task.labels) ? [task.name] : [])
          + (isNumbered(task.attributes?.labels ?? []) ? ["\(task.name)'s attributes"] : [])
      }
      if !unnamed.isEmpty {
        options.note(
          "the checkpoint does not name the labels of \(unnamed.joined(separator: ", ")); they are "
            + "numbered. Give --labels, or lay <task>.labels.txt beside the checkpoint.")
      }
      return model
    })

  private static func isNumbered(_ labels: [String]) -> Bool {
    labels.count > 1 && labels.indices.dropFirst().allSatisfy { labels[$0].hasSuffix(" \($0)") }
  }
}
