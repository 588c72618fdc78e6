import Foundation
import Models

/// What sentence-transformers and the tokenizer store beside a BERT.
struct SentenceFiles {
  private(set) var pooling = TextPooling.mean
  private(set) var normalizes = true
  private(set) var maximumTokens: Int?
  private(set) var lowercases = true

  private static let poolingFile = "1_Pooling/config.json"
  private static let modulesFile = "modules.json"
  private static let lengthFile = "sentence_bert_config.json"
  private static let tokenizerFile = "tokenizer_config.json"
  private static let modes: [(key: String, pooling: TextPooling)] = [
    ("pooling_mode_cls_token", .cls), ("pooling_mode_mean_tokens", .mean),
    ("pooling_mode_mean_sqrt_len_tokens", .meanSqrtLength), ("pooling_mode_max_tokens", .max),
  ]
  private static let classes = ["Transformer", "Pooling", "Normalize"]

  /// Reads those files of a folder that are there; without any, texts are normalised means.
  ///
  /// - Throws: `ConfigurationError` for steps that this program does not know.
  init(_ folder: ModelFolder) throws {
    if let file = folder.file(Self.tokenizerFile) {
      let json = try JSONObject(contentsOf: file)
      lowercases = try json.bool("do_lower_case", true)
      if json.has("strip_accents"), try json.bool("strip_accents") != lowercases {
        throw json.invalid("strip_accents", expected: "null, or the same as do_lower_case")
      }
    }
    if let file = folder.file(Self.lengthFile) {
      let json = try JSONObject(contentsOf: file)
      if json.has("max_seq_length") {
        maximumTokens = try json.int("max_seq_length", in: 3...65_536)
      }
      if try json.bool("do_lower_case", false) { lowercases = true }
    }
    if let file = folder.file(Self.poolingFile) {
      let json = try JSONObject(contentsOf: file)
      let chosen = try json.keys.filter { $0.hasPrefix("pooling_mode_") }
        .filter { try json.bool($0) }
      guard chosen.count == 1, let mode = Self.modes.first(where: { $0.key == chosen[0] }) else {
        throw ConfigurationError.malformed(
          file: file,
          reason: "expected just one of \(Self.modes.map(\.key).joined(separator: ", ")) to be "
            + "true, found \(chosen.isEmpty ? "none" : chosen.joined(separator: ", ")).")
      }
      pooling = mode.pooling
    }
    if let file = folder.file(Self.modulesFile) { normalizes = try Self.normalizes(file) }
  }

  private static func normalizes(_ file: String) throws -> Bool {
    struct Module: Decodable { let type: String }
    guard let data = FileManager.default.contents(atPath: file),
      let modules = try? JSONDecoder().decode([Module].self, from: data)
    else {
      throw ConfigurationError.malformed(
        file: file, reason: "expected a list of tables, each with the entry 'type'.")
    }
    let names = modules.map { $0.type.split(separator: ".").last.map(String.init) ?? "" }
    if let other = names.first(where: { !classes.contains($0) }) {
      throw ConfigurationError.malformed(
        file: file,
        reason:
          "expected modules of the types \(classes.joined(separator: ", ")), found '\(other)'.")
    }
    return names.contains("Normalize")
  }

  /// The files for a model.
  static func texts(
    _ configuration: BERTConfiguration
  ) throws -> [(name: String, bytes: [UInt8])] {
    let package = "sentence_transformers.models"
    let steps =
      [("", classes[0]), ("1_Pooling", classes[1])]
      + (configuration.normalizes ? [("2_Normalize", classes[2])] : [])
    let modules = steps.enumerated().map { index, step in
      Step(idx: index, name: String(index), path: step.0, type: "\(package).\(step.1)")
    }
    var files = [
      (
        poolingFile,
        try configurationText(
          Dictionary(
            uniqueKeysWithValues: modes.map { ($0.key, $0.pooling == configuration.pooling) }))
      ),
      (modulesFile, try configurationText(modules)),
      (
        tokenizerFile,
        try configurationText(["do_lower_case": configuration.text.lowercases])
      ),
    ]
    if let tokens = configuration.tasks[0].maximumTokens {
      files.append((lengthFile, try configurationText(["max_seq_length": tokens])))
    }
    return files
  }

  private struct Step: Encodable {
    let idx: Int
    let name: String
    let path: String
    let type: String
  }
}
