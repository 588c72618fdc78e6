import Layers
import Tensors

/// What the decoders of Conditional DETR and DAB-DETR have in common: layers, the scale of the
/// positions, and the layers that make classes and boxes of the states.
struct ConditionalDecoder: Sendable {
  let layers: [ConditionalDecoderLayer]
  let norm: LayerNorm
  let classes: Linear
  let boxes: MultilayerPerceptron
  private let positionScale: MultilayerPerceptron

  /// A decoder with the parameter names of Conditional DETR; `scope` is the root.
  ///
  /// - Parameter addsPositions: whether the layer of this index adds positions to contents.
  init(
    _ transformer: DetectorTransformer, labels: Int, addsPositions: (Int) -> Bool, in scope: Scope
  ) throws {
    let width = transformer.width
    let place = scope["transformer.decoder"]
    layers = try (0..<transformer.decoder.layers).map {
      try ConditionalDecoderLayer(
        transformer.decoderShape, addsPositions: addsPositions($0), in: place["layers"][$0])
    }
    norm = try LayerNorm(width, in: place["norm"])
    positionScale = try MultilayerPerceptron(
      widths: [width, width, width], in: place["query_scale"])
    // Every class begins with a probability of 0.01, as the focal loss wants it (Lin et al., Focal
    // Loss for Dense Object Detection, 2017).
    classes = try Linear(width, labels, bias: .constant(-4.595_12), in: scope["class_embed"].exact)
    boxes = try MultilayerPerceptron(
      widths: [width, width, width, 4], last: .zeros, in: scope["bbox_embed"])
  }

  /// The encodings of the reference points, scaled by the states in all layers but the first.
  func scaled(_ encoding: Tensor, by states: Tensor, layer: Int) -> Tensor {
    layer == 0 ? encoding : encoding * positionScale(states)
  }
}

/// The encodings of points or boxes `[…, 2 or 4]` in DETR's order of y, x, width, height:
/// `[…, width]` or `[…, 2 width]`.
func pointEncoding(_ points: Tensor, width: Int) -> Tensor {
  let axis = points.rank - 1
  func part(_ range: Range<Int>) -> Tensor { points.sliced(axis: axis, range: range) }
  let extents = points.shape[axis] == 4 ? [part(2..<4)] : []
  return sineEncoding(
    of: concatenated([part(1..<2), part(0..<1)] + extents, axis: axis), channels: width / 2)
}
