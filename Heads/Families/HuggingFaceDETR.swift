import Foundation
import Inputs
import Models

/// The configuration of a DETR as transformers writes it.
enum HuggingFaceDETR {
  /// Reads the configuration of a folder as that of a UniT with the one task `detection`.
  ///
  /// - Throws: `ConfigurationError`.
  static func configuration(_ folder: ModelFolder) throws -> UniTConfiguration {
    let json = folder.configuration
    try json.require("position_embedding_type", "sine")
    try json.require("activation_function", "relu")
    if try json.int("num_channels", 3) != 3 { throw json.invalid("num_channels", expected: "3") }
    var configuration = UniTConfiguration.detr(
      backbone: try HuggingFaceBackbone.configuration(json),
      labels: try folder.objectLabels(count: 91),
      queries: try json.int("num_queries", 100), width: try json.int("d_model", 256),
      preprocessing: try folder.preprocessing(
        standard: HuggingFaceProcessor.detr.standard))
    let dropout = try json.float("dropout", 0.1)
    configuration.image?.heads = try json.int("encoder_attention_heads", 8)
    configuration.image?.feedforward = try json.int("encoder_ffn_dim", 2048)
    configuration.image?.layers = try json.int("encoder_layers", 6)
    configuration.image?.dropout = dropout
    configuration.decoder.heads = try json.int("decoder_attention_heads", 8)
    configuration.decoder.feedforward = try json.int("decoder_ffn_dim", 2048)
    configuration.decoder.layers = try json.int("decoder_layers", 6)
    configuration.decoder.dropout = dropout
    configuration.decoder.normalizesEveryLayer =
      try json.bool("auxiliary_loss", false) ? true : nil
    return configuration
  }

  /// The entries for a UniT that is a DETR.
  ///
  /// - Parameter backbone: the image encoder's own, which is known to be a residual network.
  static func entries(
    _ backbone: ResNetConfiguration, _ image: ImageConfiguration, _ decoder: DecoderConfiguration,
    task: TaskSpec
  ) -> HuggingFaceEntries {
    let entries: [String: any Encodable] = [
      "architectures": ["DetrForObjectDetection"], "model_type": "detr",
      "d_model": decoder.width, "dropout": image.dropout, "activation_function": "relu",
      "position_embedding_type": "sine", "num_queries": task.queries,
      "auxiliary_loss": decoder.normalizesEveryLayer ?? false,
      "encoder_layers": image.layers, "encoder_attention_heads": image.heads,
      "encoder_ffn_dim": image.feedforward,
      "decoder_layers": decoder.layers, "decoder_attention_heads": decoder.heads,
      "decoder_ffn_dim": decoder.feedforward,
    ]
    return HuggingFaceEntries(
      entries.merging(HuggingFaceEntries.backbone(backbone)) { $1 }
        .merging(HuggingFaceEntries.labels(task)) { $1 })
  }
}

extension ResNetConfiguration {
  /// timm's name of a published network; nil for one of other dimensions.
  var timmName: String? {
    [18, 34, 50, 101, 152]
      .first { Self.standard(layers: $0, dilatesLastStage: dilatesLastStage) == self }
      .map { "resnet\($0)" }
  }
}
