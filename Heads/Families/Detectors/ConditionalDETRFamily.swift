import Layers
import Models

/// Conditional DETR as transformers publishes it.
extension ConditionalDETR: PublishedDetector {
  static let huggingFaceTypes = ["conditional_detr", "conditional-detr"]
  static let architecture = "ConditionalDetrForObjectDetection"
  static let widthKey = "d_model"
  static let standardActivation = FeedForwardActivation.relu
  static let names = DetectorNames.conditional

  static func variant(_ json: JSONObject) throws -> ConditionalDETRVariant {
    try json.require("position_embedding_type", "sine")
    return ConditionalDETRVariant(normalizesEveryLayer: try json.bool("auxiliary_loss", false))
  }

  static func entries(_ variant: ConditionalDETRVariant) -> [String: any Encodable] {
    ["position_embedding_type": "sine", "auxiliary_loss": variant.normalizesEveryLayer]
  }
}
