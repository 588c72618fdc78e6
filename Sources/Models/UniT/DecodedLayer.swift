import Tensors

/// What the decoder gives after one of its layers.
public struct DecodedLayer: Sendable {
  /// Normalised states, `[batch, queries, width]`.
  public var states: Tensor
  /// The queries' boxes, centre and extent in `0...1`, `[batch, queries, 4]`; nil for a task
  /// without reference boxes.
  public var boxes: Tensor?

  /// States, and boxes where the queries have them.
  public init(states: Tensor, boxes: Tensor? = nil) {
    self.states = states
    self.boxes = boxes
  }

  /// Those of some queries.
  func sliced(_ queries: Range<Int>) -> DecodedLayer {
    DecodedLayer(
      states: states.sliced(axis: 1, range: queries),
      boxes: boxes?.sliced(axis: 1, range: queries))
  }

  /// The same without a gradient.
  public var detached: DecodedLayer {
    DecodedLayer(states: states.detached, boxes: boxes?.detached)
  }
}
