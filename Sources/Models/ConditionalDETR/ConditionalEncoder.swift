import Inputs
import Layers
import Tensors

/// DETR's encoder as Conditional DETR and DAB-DETR have it.
struct ConditionalEncoder: Sendable {
  private let projection: BackboneProjection
  private let positionScale: MultilayerPerceptron?
  private let layers: [TransformerEncoderLayer]
  private let norm: LayerNorm?

  /// An encoder with DETR's parameter names; `scope` is the root.
  ///
  /// - Parameters:
  ///   - layers: number of layers.
  ///   - scalesPositions: whether the state of each token scales its position before every layer
  ///     (DAB-DETR).
  ///   - normalizes: whether a layer normalisation follows the last layer.
  init(
    backbone: BackboneConfiguration, shape: TransformerShape, layers: Int,
    positions: SineEncoding = SineEncoding(), scalesPositions: Bool = false,
    normalizes: Bool = false, in scope: Scope
  ) throws {
    projection = try BackboneProjection(
      backbone, width: shape.width, positions: positions, in: scope)
    let place = scope["transformer.encoder"]
    positionScale =
      scalesPositions
      ? try MultilayerPerceptron(
        widths: [shape.width, shape.width, shape.width], in: place["query_scale"]) : nil
    self.layers = try (0..<layers).map {
      try TransformerEncoderLayer(shape, in: place["layers"][$0])
    }
    norm = normalizes ? try LayerNorm(shape.width, in: place["norm"]) : nil
  }

  /// Encodes padded pictures: `[batch, height * width, width]` with positions and padding.
  func callAsFunction(_ images: ImageBatch) -> EncodedSequence {
    let features = stage(.backbone) { projection.features(of: images.pixels) }
    return stage(.encoder) {
      var sequence = projection(images, features: features)
      for layer in layers {
        let states = sequence.states
        let positions = positionScale.map { sequence.positions * $0(states) } ?? sequence.positions
        sequence.states = layer(states, positions: positions, padding: sequence.padding)
      }
      if let norm { sequence.states = norm(sequence.states) }
      return sequence
    }
  }
}
