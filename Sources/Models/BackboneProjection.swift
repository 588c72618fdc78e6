import Inputs
import Layers
import Tensors

/// What a DETR does before its Transformer: a convolutional network, a 1x1 projection to the
/// Transformer's width, and positions.
public struct BackboneProjection: Sendable {
  private let backbone: any Backbone
  private let projection: Convolution
  private let width: Int
  private let positions: SineEncoding

  /// Parameters with DETR's names below `backbone.0.body` and `input_proj`.
  ///
  /// - Parameter width: channels of the projection, a multiple of 4.
  public init(
    _ configuration: BackboneConfiguration, width: Int, positions: SineEncoding = SineEncoding(),
    in scope: Scope
  ) throws {
    backbone = try configuration.network(in: scope["backbone.0.body"])
    projection = try Convolution(
      backbone.channels, width, weight: .xavierUniform, in: scope["input_proj"])
    self.width = width
    self.positions = positions
  }

  /// The convolutional network alone: pixels `[batch, 3, height, width]` to features
  /// `[batch, height / s, width / s, channels]`.
  public func features(of pixels: Tensor) -> Tensor { backbone(pixels) }

  /// The backbone, where it tells groups of classes, too.
  var detailed: DetailedEfficientNet? { backbone as? DetailedEfficientNet }

  /// The features of padded pictures as a sequence, row by row: `[batch, height * width, width]`.
  public func callAsFunction(_ images: ImageBatch, features: Tensor) -> EncodedSequence {
    let (batch, rows, columns) = (features.shape[0], features.shape[1], features.shape[2])
    let valid = images.mask(height: rows, width: columns)
    return EncodedSequence(
      states: projection(features).reshaped([batch, rows * columns, width]),
      positions: sinePositions(
        valid: valid, batch: batch, height: rows, width: columns, channels: width,
        encoding: positions),
      padding: valid.contains(false) ? valid : nil)
  }
}
