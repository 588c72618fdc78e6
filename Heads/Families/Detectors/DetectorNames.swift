import Models

/// The parameter names of Conditional DETR and DAB-DETR in transformers, against those of the
/// original implementations.
enum DetectorNames {
  /// Everything but the backbone of a Conditional DETR.
  static let conditional = RenameTable(
    encoder
      + """
      \(decoder).sa_<x>.<p> = \(canonical).sa_<x>.<p>
      \(decoder).ca_<x>.<p> = \(canonical).ca_<x>.<p>
      \(decoder).self_attn.out_proj.<p> = \(canonical).self_attn.out_proj.<p>
      \(decoder).encoder_attn.out_proj.<p> = \(canonical).cross_attn.out_proj.<p>
      \(decoder).self_attn_layer_norm.<p> = \(canonical).norm1.<p>
      \(decoder).encoder_attn_layer_norm.<p> = \(canonical).norm2.<p>
      \(decoder).final_layer_norm.<p> = \(canonical).norm3.<p>
      \(decoder).fc1.<p> = \(canonical).linear1.<p>
      \(decoder).fc2.<p> = \(canonical).linear2.<p>
      \(decoder).activation_fn.<p> = \(canonical).activation.<p>
      model.query_position_embeddings.weight = query_embed.weight
      class_labels_classifier.<p> = class_embed.<p>
      bbox_predictor.<p...> = bbox_embed.<p...>
      # transformers 5 in memory
      \(inMemory("self_attn", "sa"))
      \(inMemory("encoder_attn", "ca"))
      \(decoder).self_attn.o_proj.<p> = \(canonical).self_attn.out_proj.<p>
      \(decoder).encoder_attn.o_proj.<p> = \(canonical).cross_attn.out_proj.<p>
      \(decoder).mlp.fc1.<p> = \(canonical).linear1.<p>
      \(decoder).mlp.fc2.<p> = \(canonical).linear2.<p>
      \(decoder).mlp.activation_fn.<p> = \(canonical).activation.<p>

      """ + rest)

  /// Everything but the backbone of a DAB-DETR.
  static let dab = RenameTable(
    encoder + parts("self_attn", "sa") + parts("cross_attn", "ca")
      + """
      \(decoder).self_attn.self_attn_layer_norm.<p> = \(canonical).norm1.<p>
      \(decoder).cross_attn.cross_attn_layer_norm.<p> = \(canonical).norm2.<p>
      \(decoder).mlp.final_layer_norm.<p> = \(canonical).norm3.<p>
      \(decoder).mlp.fc1.<p> = \(canonical).linear1.<p>
      \(decoder).mlp.fc2.<p> = \(canonical).linear2.<p>
      \(decoder).mlp.activation_fn.<p> = \(canonical).activation.<p>
      model.encoder.query_scale.<p...> = transformer.encoder.query_scale.<p...>
      model.encoder.norm.<p> = transformer.encoder.norm.<p>
      model.decoder.ref_anchor_head.<p...> = transformer.decoder.ref_anchor_head.<p...>
      model.query_refpoint_embeddings.weight = refpoint_embed.weight
      model.patterns.weight = transformer.patterns.weight
      model.decoder.bbox_embed.<p...> = bbox_embed.<p...>
      bbox_predictor.<p...> = bbox_embed.<p...>

      """ + rest)

  private static let decoder = "model.decoder.layers.<n>"
  private static let canonical = "transformer.decoder.layers.<n>"

  private static let encoder: String = {
    let source = "model.encoder.layers.<n>"
    let canonical = "transformer.encoder.layers.<n>"
    return HuggingFaceNames.attention("\(source).self_attn", canonical: "\(canonical).self_attn")
      + """
      \(source).self_attn_layer_norm.<p> = \(canonical).norm1.<p>
      \(source).final_layer_norm.<p> = \(canonical).norm2.<p>
      \(source).fc1.<p> = \(canonical).linear1.<p>
      \(source).fc2.<p> = \(canonical).linear2.<p>
      \(source).activation_fn.<p> = \(canonical).activation.<p>
      \(source).mlp.fc1.<p> = \(canonical).linear1.<p>
      \(source).mlp.fc2.<p> = \(canonical).linear2.<p>
      \(source).mlp.activation_fn.<p> = \(canonical).activation.<p>

      """
  }()

  private static let rest = """
    model.decoder.layernorm.<p> = transformer.decoder.norm.<p>
    model.decoder.query_scale.<p...> = transformer.decoder.query_scale.<p...>
    model.decoder.ref_point_head.<p...> = transformer.decoder.ref_point_head.<p...>
    model.input_projection.<p> = input_proj.<p>
    """

  /// The projections of one attention of Conditional DETR in the memory of transformers 5.
  private static func inMemory(_ attention: String, _ prefix: String) -> String {
    ["q_content", "q_pos", "k_content", "k_pos", "q_pos_sine", "v"].map { name in
      let original = name.replacing("q_", with: "q").replacing("k_", with: "k")
      return
        "\(decoder).\(attention).\(name)_proj.<p> = \(canonical).\(prefix)_\(original)_proj.<p>"
    }.joined(separator: "\n")
  }

  /// The projections of one attention of DAB-DETR; ends with a new line.
  private static func parts(_ attention: String, _ prefix: String) -> String {
    let place = "\(decoder).\(attention).\(attention)"
    return [
      "query_content": "qcontent", "query_pos": "qpos", "query_pos_sine": "qpos_sine",
      "key_content": "kcontent", "key_pos": "kpos", "value": "v",
    ].sorted { $0.key < $1.key }.map { name, original in
      "\(place)_\(name)_proj.<p> = \(canonical).\(prefix)_\(original)_proj.<p>\n"
    }.joined() + "\(place).output_proj.<p> = \(canonical).\(attention).out_proj.<p>\n"
  }
}
