import Layers
import Models
import Tensors

/// DAB-DETR as transformers publishes it.
extension DABDETR: PublishedDetector {
  static let huggingFaceTypes = ["dab-detr", "dab_detr"]
  static let architecture = "DabDetrForObjectDetection"
  static let widthKey = "hidden_size"
  static let standardActivation = FeedForwardActivation.prelu
  static let names = DetectorNames.dab

  static func variant(_ json: JSONObject) throws -> DABDETRVariant {
    if try json.int("query_dim", 4) != 4 { throw json.invalid("query_dim", expected: "4") }
    return DABDETRVariant(
      positions: SineEncoding(
        rowTemperature: try json.float("temperature_height", 20),
        columnTemperature: try json.float("temperature_width", 20),
        scale: try json.float("sine_position_embedding_scale", 2 * .pi)),
      patterns: try json.int("num_patterns", 0),
      keepsQueryPositions: try json.bool("keep_query_pos", false),
      normalizesMemory: try json.bool("normalize_before", false))
  }

  static func entries(_ variant: DABDETRVariant) -> [String: any Encodable] {
    let positions = variant.positions
    return [
      "query_dim": 4, "temperature_height": positions.rowTemperature,
      "temperature_width": positions.columnTemperature,
      "sine_position_embedding_scale": positions.scale == 2 * .pi ? nil : positions.scale,
      "num_patterns": variant.patterns, "keep_query_pos": variant.keepsQueryPositions,
      "normalize_before": variant.normalizesMemory,
    ]
  }

  // The layers that refine the anchors also make the boxes: one set of weights under two names, of
  // which a file may hold either or both.
  static func withoutAliases(_ tensors: [String: Tensor]) -> [String: Tensor] {
    tensors.filter { name, tensor in
      guard name.hasPrefix("bbox_predictor."),
        let other = tensors["model.decoder.bbox_embed." + name.dropFirst(15)]
      else { return true }
      return other.shape != tensor.shape || other.elements != tensor.elements
    }
  }
}
