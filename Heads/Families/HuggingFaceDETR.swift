import Foundation
import Inputs
import Models

/// The configuration of a DETR as transformers writes it.
struct HuggingFaceDETR: Encodable {
  private let backbone: ResNetConfiguration
  private let image: ImageConfiguration
  private let decoder: DecoderConfiguration
  private let task: TaskSpec

  init(
    _ backbone: ResNetConfiguration, _ image: ImageConfiguration, _ decoder: DecoderConfiguration,
    task: TaskSpec
  ) {
    self.backbone = backbone
    self.image = image
    self.decoder = decoder
    self.task = task
  }

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

  private enum Key: String, CodingKey {
    case architectures
    case type = "model_type"
    case width = "d_model"
    case dropout
    case activation = "activation_function"
    case positions = "position_embedding_type"
    case auxiliaryLoss = "auxiliary_loss"
    case queries = "num_queries"
    case encoderLayers = "encoder_layers"
    case encoderHeads = "encoder_attention_heads"
    case encoderFeedforward = "encoder_ffn_dim"
    case decoderLayers = "decoder_layers"
    case decoderHeads = "decoder_attention_heads"
    case decoderFeedforward = "decoder_ffn_dim"
    case isTimm = "use_timm_backbone"
    case backbone
    case pretrained = "use_pretrained_backbone"
    case backboneTable = "backbone_config"
    case dilation
    case labels = "id2label"
    case ids = "label2id"
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(["DetrForObjectDetection"], forKey: .architectures)
    try values.encode("detr", forKey: .type)
    try values.encode(decoder.width, forKey: .width)
    try values.encode(image.dropout, forKey: .dropout)
    try values.encode("relu", forKey: .activation)
    try values.encode("sine", forKey: .positions)
    try values.encode(decoder.normalizesEveryLayer ?? false, forKey: .auxiliaryLoss)
    try values.encode(task.queries, forKey: .queries)
    try values.encode(image.layers, forKey: .encoderLayers)
    try values.encode(image.heads, forKey: .encoderHeads)
    try values.encode(image.feedforward, forKey: .encoderFeedforward)
    try values.encode(decoder.layers, forKey: .decoderLayers)
    try values.encode(decoder.heads, forKey: .decoderHeads)
    try values.encode(decoder.feedforward, forKey: .decoderFeedforward)
    try values.encode(false, forKey: .pretrained)
    if let name = backbone.timmName {
      try values.encode(true, forKey: .isTimm)
      try values.encode(name, forKey: .backbone)
      try values.encode(backbone.dilatesLastStage, forKey: .dilation)
    } else {
      try values.encode(false, forKey: .isTimm)
      try values.encodeNil(forKey: .backbone)
      try values.encode(HuggingFaceResNet(backbone), forKey: .backboneTable)
    }
    let labels = HuggingFaceLabels(task.labels)
    try values.encode(labels.names, forKey: .labels)
    try values.encode(labels.ids, forKey: .ids)
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
