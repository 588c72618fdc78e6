import Inputs
import Layers
import Tensors

/// What a detection network gives for a batch of pictures.
public struct DetectionOutputs: Sendable {
  /// A number for every query and class, before the sigmoid: `[batch, queries, classes]`.
  public let logits: Tensor
  /// Centre, width and height of each query's box in fractions of the picture:
  /// `[batch, queries, 4]`.
  public let boxes: Tensor
  /// The normalised states after every decoder layer, each `[batch, queries, width]`.
  public let states: [Tensor]
  /// The encoder's states with their positions and padding.
  public let memory: EncodedSequence
}

/// A network from pictures to the classes and boxes of its queries.
public protocol DetectionNetwork: Sendable {
  /// What its family adds to the common configuration.
  associatedtype Variant: DetectorVariant

  /// Every dimension.
  var configuration: DetectorConfiguration<Variant> { get }

  /// A network; `scope` is the root.
  init(_ configuration: DetectorConfiguration<Variant>, in scope: Scope) throws

  /// From padded pictures to classes and boxes.
  func callAsFunction(_ images: ImageBatch) -> DetectionOutputs
}
