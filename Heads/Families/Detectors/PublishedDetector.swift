import Inputs
import Layers
import Models
import Tensors

/// A detection network that transformers publishes too: what its files call things there.
protocol PublishedDetector: DetectionNetwork {
  /// The `model_type`s of its configurations, the one that is written first.
  static var huggingFaceTypes: [String] { get }
  /// The class that reads the files.
  static var architecture: String { get }
  /// The entry that holds the width of the states.
  static var widthKey: String { get }
  /// The entry of the activation function where there is none.
  static var standardActivation: FeedForwardActivation { get }
  /// Rules between the names of the parameters, those of the backbone left out.
  static var names: RenameTable { get }

  /// What the family adds, from transformers' configuration.
  ///
  /// - Throws: `ConfigurationError` for settings that this program does not know.
  static func variant(_ json: JSONObject) throws -> Variant
  /// The entries of transformers' configuration for what the family adds.
  static func entries(_ variant: Variant) -> [String: any Encodable]
  /// The tensors of a file without those that are there twice.
  static func withoutAliases(_ tensors: [String: Tensor]) -> [String: Tensor]
}

extension PublishedDetector {
  static func withoutAliases(_ tensors: [String: Tensor]) -> [String: Tensor] { tensors }

  /// Reads the configuration of a folder of transformers' layout.
  ///
  /// - Throws: `ConfigurationError`.
  static func configuration(_ folder: ModelFolder) throws -> DetectorConfiguration<Variant> {
    let json = folder.configuration
    if try json.int("num_channels", 3) != 3 { throw json.invalid("num_channels", expected: "3") }
    func stack(_ name: String) throws -> DetectorTransformer.Stack {
      DetectorTransformer.Stack(
        layers: try json.int("\(name)_layers", 6),
        heads: try json.int("\(name)_attention_heads", 8),
        feedforward: try json.int("\(name)_ffn_dim", 2048))
    }
    return DetectorConfiguration(
      backbone: .resNet(try HuggingFaceBackbone.configuration(json)),
      transformer: DetectorTransformer(
        width: try json.int(widthKey, 256), encoder: try stack("encoder"),
        decoder: try stack("decoder"), dropout: try json.float("dropout", 0.1),
        activation: try activation(json)),
      variant: try variant(json),
      task: TaskSpec(
        name: "detection", head: "detection", group: "detection", index: 0,
        queries: try json.int("num_queries", 300), inputs: [.image],
        labels: try folder.objectLabels(count: 91)),
      preprocessing: try folder.preprocessing(
        standard: HuggingFaceProcessor.conditionalDetr.standard))
  }

  private static func activation(_ json: JSONObject) throws -> FeedForwardActivation {
    let name = try json.string("activation_function", standardActivation.rawValue)
    switch name {
    case "gelu_pytorch_tanh": return .tanhGELU
    case "swish": return .silu
    default:
      if let activation = FeedForwardActivation(rawValue: name) { return activation }
      let known = FeedForwardActivation.allCases.map { "'\($0.rawValue)'" }
      throw json.invalid("activation_function", expected: "one of \(known.joined(separator: ", "))")
    }
  }

  /// The entries of transformers' configuration.
  ///
  /// - Parameter backbone: the configuration's own, which is known to be a residual network.
  static func entries(
    _ configuration: DetectorConfiguration<Variant>, backbone: ResNetConfiguration
  ) -> [String: any Encodable] {
    let transformer = configuration.transformer
    var entries: [String: any Encodable] = [
      "architectures": [architecture], "model_type": huggingFaceTypes[0],
      widthKey: transformer.width, "dropout": transformer.dropout,
      "activation_function": transformer.activation.rawValue,
      "num_queries": configuration.task.queries,
    ]
    for (name, stack) in [("encoder", transformer.encoder), ("decoder", transformer.decoder)] {
      entries["\(name)_layers"] = stack.layers
      entries["\(name)_attention_heads"] = stack.heads
      entries["\(name)_ffn_dim"] = stack.feedforward
    }
    entries.merge(HuggingFaceEntries.backbone(backbone)) { $1 }
    entries.merge(HuggingFaceEntries.labels(configuration.task)) { $1 }
    return entries.merging(Self.entries(configuration.variant)) { $1 }
  }
}
