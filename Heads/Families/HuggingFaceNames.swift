import Models

/// Rules for the parameter names that transformers' detection models have in common.
///
/// Of several spellings the first is what files hold; transformers 5 has others in memory.
enum HuggingFaceNames {
  /// Both kinds of backbone.
  static func backbones(canonical: String) -> RenameTable {
    resNetBackbone(canonical: canonical) + timmBackbone(canonical: canonical)
  }

  /// The backbone of transformers' own.
  ///
  /// - Parameter canonical: where the residual network stands, without a dot at the end.
  static func resNetBackbone(canonical: String) -> RenameTable {
    RenameTable(
      ["model.backbone.conv_encoder.model", "model.backbone.model"].map { root in
        ResNetNames.huggingFace(root: root, canonical: canonical)
      }.joined(separator: "\n"))
  }

  /// The backbone of timm, whose names are torchvision's.
  static func timmBackbone(canonical: String) -> RenameTable {
    RenameTable(
      [
        "model.backbone.conv_encoder.model", "model.backbone.conv_encoder.model._backbone",
        "model.backbone.model._backbone", "model.backbone.model",
      ].flatMap { root in
        [
          "conv1.<p>", "bn1.<p>", "layer1.<p...>", "layer2.<p...>", "layer3.<p...>",
          "layer4.<p...>",
        ]
        .map { "\(root).\($0) = \(canonical).\($0)" }
      }.joined(separator: "\n"))
  }

  /// An attention with three projections, as the packed one of torch; ends with a new line.
  static func attention(_ source: String, canonical: String) -> String {
    let parts = ["q", "k", "v"].map { "\(source).\($0)_proj.<p>" }.joined(separator: " + ")
    return """
      \(parts) = \(canonical).in_proj_<p>
      \(source).out_proj.<p> = \(canonical).out_proj.<p>
      \(source).o_proj.<p> = \(canonical).out_proj.<p>

      """
  }
}
