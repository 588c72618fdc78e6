import Models

/// A table of transformers' configuration, written entry by entry.
struct HuggingFaceEntries: Encodable {
  private let entries: [String: any Encodable]

  init(_ entries: [String: any Encodable]) { self.entries = entries }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    for (name, value) in entries { try values.encode(value, forKey: Key(name)) }
  }

  /// The entries that tell a detection model's backbone: by timm's name where it has one.
  static func backbone(_ network: ResNetConfiguration) -> [String: any Encodable] {
    guard let name = network.timmName else {
      return [
        "use_pretrained_backbone": false, "use_timm_backbone": false,
        "backbone": String?.none, "backbone_config": HuggingFaceResNet(network),
      ]
    }
    return [
      "use_pretrained_backbone": false, "use_timm_backbone": true, "backbone": name,
      "dilation": network.dilatesLastStage,
    ]
  }

  /// The names of a task's classes; one without a name is "N/A".
  static func labels(_ task: TaskSpec) -> [String: any Encodable] {
    let labels = HuggingFaceLabels(task.labels)
    return ["id2label": labels.names, "label2id": labels.ids]
  }
}
