import Models

/// A residual network as transformers describes it: as a `backbone_config`, or with classes as the
/// configuration of a classifier.
struct HuggingFaceResNet: Encodable {
  private let network: ResNetConfiguration
  private let classes: [String]?

  init(_ network: ResNetConfiguration, classes: [String]? = nil) {
    self.network = network
    self.classes = classes
  }

  private enum Key: String, CodingKey {
    case architectures
    case type = "model_type"
    case stem = "embedding_size"
    case outputs = "hidden_sizes"
    case depths
    case layer = "layer_type"
    case features = "out_features"
    case labels = "id2label"
    case ids = "label2id"
  }

  func encode(to encoder: any Encoder) throws {
    let expansion = network.block == .bottleneck ? 4 : 1
    var values = encoder.container(keyedBy: Key.self)
    try values.encode("resnet", forKey: .type)
    try values.encode(network.stem.width, forKey: .stem)
    try values.encode(network.widths.map { $0 * expansion }, forKey: .outputs)
    try values.encode(network.depths, forKey: .depths)
    try values.encode(network.block, forKey: .layer)
    guard let classes else {
      try values.encode(["stage\(network.depths.count)"], forKey: .features)
      return
    }
    let labels = HuggingFaceLabels(classes)
    try values.encode(["ResNetForImageClassification"], forKey: .architectures)
    try values.encode(labels.names, forKey: .labels)
    try values.encode(labels.ids, forKey: .ids)
  }
}

/// The tables between rows of a class layer and names, as transformers writes them.
struct HuggingFaceLabels {
  /// The names by row.
  let names: [String: String]
  /// The rows by name.
  let ids: [String: Int]

  /// - Parameter labels: by row; "" for a row without meaning.
  init(_ labels: [String]) {
    let rows = labels.enumerated().map { ($0, $1.isEmpty ? "N/A" : $1) }
    names = Dictionary(uniqueKeysWithValues: rows.map { (String($0), $1) })
    ids = Dictionary(rows.map { ($1, $0) }) { first, _ in first }
  }
}
