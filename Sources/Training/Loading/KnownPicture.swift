import Inputs
import Tensors

/// What a batch needs of a picture whose features are known.
public struct KnownPicture: Sendable {
  /// The backbone's features, `[1, height, width, channels]`.
  public let features: Tensor
  /// Width and height of the upright original in pixels.
  public let original: ImageSize
  /// Width and height of the picture as the network saw it.
  public let size: ImageSize
  /// Width and height of what the network saw, the padding counted.
  public let extent: ImageSize
}
