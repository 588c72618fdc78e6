import Layers
import Tensors

/// Further queries of a training step, behind the task's own.
struct FurtherQueries: Sendable {
  /// What they begin with, `[batch, queries, width]`.
  var states: Tensor
  /// Their boxes, `[batch, queries, 4]` in `0...1`, or for a task without reference boxes their
  /// embeddings, `[batch, queries, width]`.
  var places: Tensor
  /// The runs that they are made of; no run sees another or the task's own queries.
  var groups: [QueryGroup]
}

/// Objects whose class and box were changed at random, for a detection task to restore.
public struct NoisedObjects: Sendable {
  /// Row of each query's class, `batch * queries`.
  public var labels: [Int]
  /// `[batch, queries, 4]` in `0...1`
  public var boxes: Tensor
  /// The runs that the queries of a picture are made of.
  public var group: QueryGroup

  /// Objects with what was made of them.
  public init(labels: [Int], boxes: Tensor, group: QueryGroup) {
    self.labels = labels
    self.boxes = boxes
    self.group = group
  }
}

/// What the decoder gives in a step of training.
public struct TrainingLayers: Sendable {
  /// What it gives after every layer for the task's own queries, and for each further group of them.
  public var groups: [[DecodedLayer]]
  /// The same for noised objects; nil where there are none.
  public var restored: [DecodedLayer]?

  /// The task's own queries.
  public var own: [DecodedLayer] { groups[0] }
}
