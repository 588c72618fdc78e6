import Models

/// DETR's parameter names in the layouts that it is published in, against the canonical ones.
///
/// A DETR is a UniT without text, whose only task is detection: its parameters have the names that
/// UniT gives them. The task is called `detection`.
enum DETRNames {
  /// The names of the original, facebookresearch/detr.
  static let facebook = RenameTable(
    """
    class_embed.<p> = class_embeds.detection.<p>
    bbox_embed.<p...> = bbox_embeds.detection.<p...>
    query_embed.weight = unit_base_model.query_embeds.detection.detection.weight
    input_proj.<p> = unit_base_model.input_proj.<p>
    transformer.<p...> = unit_base_model.transformer.<p...>
    backbone.0.body.<p...> = unit_base_model.backbone.0.body.<p...>
    """)

  /// The names of transformers with a backbone of timm, whose names are torchvision's.
  static let timm = network + HuggingFaceNames.timmBackbone(canonical: backbone)
  /// The names of transformers with a backbone of its own.
  static let huggingFaceResNet = network + HuggingFaceNames.resNetBackbone(canonical: backbone)
  /// All spellings of transformers.
  static let huggingFace = network + HuggingFaceNames.backbones(canonical: backbone)

  // The first spelling of each is what files hold; transformers 5 has others in memory.
  private static let network = RenameTable(
    attention("encoder", "self_attn", "self_attn")
      + attention("decoder", "self_attn", "self_attn")
      + attention("decoder", "encoder_attn", "multihead_attn")
        + """
        model.encoder.layers.<n>.self_attn_layer_norm.<p> = \(layer("encoder")).norm1.<p>
        model.encoder.layers.<n>.final_layer_norm.<p> = \(layer("encoder")).norm2.<p>
        model.decoder.layers.<n>.self_attn_layer_norm.<p> = \(layer("decoder")).norm1.<p>
        model.decoder.layers.<n>.encoder_attn_layer_norm.<p> = \(layer("decoder")).norm2.<p>
        model.decoder.layers.<n>.final_layer_norm.<p> = \(layer("decoder")).norm3.<p>
        model.<coder>.layers.<n>.fc1.<p> = \(layer("<coder>")).linear1.<p>
        model.<coder>.layers.<n>.fc2.<p> = \(layer("<coder>")).linear2.<p>
        model.<coder>.layers.<n>.mlp.fc1.<p> = \(layer("<coder>")).linear1.<p>
        model.<coder>.layers.<n>.mlp.fc2.<p> = \(layer("<coder>")).linear2.<p>
        model.decoder.layernorm.<p> = unit_base_model.transformer.decoder.norm.<p>
        model.query_position_embeddings.weight \
        = unit_base_model.query_embeds.detection.detection.weight
        model.input_projection.<p> = unit_base_model.input_proj.<p>
        class_labels_classifier.<p> = class_embeds.detection.<p>
        bbox_predictor.<p...> = bbox_embeds.detection.<p...>
        """)

  private static let backbone = "unit_base_model.backbone.0.body"

  private static func layer(_ coder: String) -> String {
    "unit_base_model.transformer.\(coder).layers.<n>"
  }

  private static func attention(_ coder: String, _ name: String, _ canonical: String) -> String {
    HuggingFaceNames.attention(
      "model.\(coder).layers.<n>.\(name)", canonical: "\(layer(coder)).\(canonical)")
  }
}
