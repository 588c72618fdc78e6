import Checkpoints
import Foundation

extension UniTSettings {
  /// The settings of a configuration of MMF: `model_config.unit` of a `config.yaml` or of the
  /// `config` within a checkpoint. What it does not say stays as in the released models.
  ///
  /// - Throws: `ConfigurationError`; `UniTImportError.unsupported` for networks that this program
  ///   does not have.
  public init(mmf configuration: JSONObject) throws {
    self.init()
    guard let unit = try configuration.object("model_config")?.object("unit") else { return }
    // The first releases called it otherwise.
    if let base = try unit.object("base_args") ?? unit.object("detr_args") {
      try refuseOther(base, "pre_norm", false)
      try refuseOther(base, "pass_pos_and_query", true)
      try base.require("position_embedding", "sine")
      heads = try base.int("nheads", heads, in: 1...256)
      dropout = try base.float("dropout", dropout)
      dilatesLastStage = try base.bool("dilation", dilatesLastStage)
      addsProjection = try base.bool("residual_in_encoder", addsProjection)
      if let bert = try base.object("bert_config") ?? unit.object("bert_config") {
        let name = try bert.string("bert_model_name", "bert-base-uncased")
        lowercases = name.contains("uncased")
        if bert.has("num_attention_heads") {
          textHeads = try bert.int("num_attention_heads", in: 1...256)
        }
      }
    }
    try forEachTask(unit, "heads") { task, entry, name in
      guard let head = try entry.object(name) else { return }
      if head.has("task_idx") { task.index = try head.int("task_idx", in: 0...65_535) }
      if head.has("loss_type") {
        task.hasSoftAnswers = try head.string("loss_type").hasPrefix("binary_cross_entropy")
      }
    }
    try forEachTask(unit, "keep_only_bert_cls") { task, entry, name in
      task.keepsOnlyCLS = try entry.bool(name)
    }
    try readLengths(configuration)
  }

  /// Visits each dataset of a table `<type>: <dataset>: …`.
  private mutating func forEachTask(
    _ unit: JSONObject, _ key: String,
    _ visit: (inout Task, _ entry: JSONObject, _ name: String) throws -> Void
  ) throws {
    guard let groups = try unit.object(key) else { return }
    for group in groups.keys {
      guard let entry = try groups.object(group) else { continue }
      for name in entry.keys { try visit(&tasks[name, default: Task()], entry, name) }
    }
  }

  private mutating func readLengths(_ configuration: JSONObject) throws {
    guard let datasets = try configuration.object("dataset_config") else { return }
    for name in datasets.keys {
      let processors = try datasets.object(name)?.object("processors")
      let text = try processors?.object("text_processor")?.object("params")
      guard let text, text.has("max_seq_length") else { continue }
      tasks[name, default: Task()].maximumTokens = try text.int("max_seq_length", in: 3...65_536)
    }
  }

  private func refuseOther(_ table: JSONObject, _ key: String, _ only: Bool) throws {
    guard try table.bool(key, only) == only else {
      throw UniTImportError.unsupported(
        file: table.file, key: key, expected: "\(only)", found: "\(!only)")
    }
  }
}

extension CheckpointValue {
  /// The value as JSON has it; what JSON has no word for becomes null.
  public var json: Any {
    switch self {
    case .bool(let value): return value
    case .integer(let value): return value
    case .number(let value): return value.isFinite ? value : NSNull()
    case .text(let value): return value
    case .list(let values): return values.map(\.json)
    case .dictionary(let members):
      let named = members.compactMap { member -> (String, Any)? in
        guard case .text(let key) = member.key else { return nil }
        return (key, member.value.json)
      }
      return Dictionary(named) { $1 }
    case .none, .bytes, .tensor, .object: return NSNull()
    }
  }
}
