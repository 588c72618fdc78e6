import Tensors

/// What the answers to a batch should have been.
public enum Targets: Sendable {
  /// The objects of each picture.
  case objects([ObjectTargets])
  /// How right each answer is, `[batch, answers]` in `0...1`.
  case answers(Tensor)
  /// The right class of each item.
  case classes([Int])

  var kind: String {
    switch self {
    case .objects: "objects"
    case .answers: "answers"
    case .classes: "classes"
    }
  }
}

/// The objects of one picture.
public struct ObjectTargets: Sendable, Equatable {
  /// A box as DETR learns it, in fractions of the picture without padding.
  public struct Box: Sendable, Equatable {
    /// Middle, from the left.
    public var centerX: Float
    /// Middle, from the top.
    public var centerY: Float
    /// Extent to the right.
    public var width: Float
    /// Extent downwards.
    public var height: Float

    /// A box in fractions of the picture.
    public init(centerX: Float, centerY: Float, width: Float, height: Float) {
      self.centerX = centerX
      self.centerY = centerY
      self.width = width
      self.height = height
    }
  }

  /// Row of each object's class in the class layer.
  public var labels: [Int]
  /// Each object's box.
  public var boxes: [Box]
  /// Rows of each object's attributes in the attribute layer; empty lists where none is known.
  public var attributes: [[Int]]

  /// The objects of a picture.
  public init(labels: [Int], boxes: [Box], attributes: [[Int]]? = nil) {
    precondition(labels.count == boxes.count, "\(labels.count) labels for \(boxes.count) boxes")
    self.labels = labels
    self.boxes = boxes
    self.attributes = attributes ?? labels.map { _ in [] }
    precondition(
      self.attributes.count == labels.count,
      "\(self.attributes.count) attribute lists for \(labels.count) objects")
  }
}

/// Targets that a head cannot learn from.
public enum TargetError: Error, CustomStringConvertible, Equatable {
  /// The dataset gives another kind of target than the task's head learns from.
  case wrongKind(task: String, expected: String, found: String)
  /// A label is not a row of the head.
  case labelOutOfRange(task: String, label: Int, rows: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .wrongKind(let task, let expected, let found):
      return "task '\(task)': its head learns from \(expected), the dataset gives \(found). "
        + "Choose another dataset or another head."
    case .labelOutOfRange(let task, let label, let rows):
      return "task '\(task)': the dataset has the label \(label), the head has the rows "
        + "0...\(rows - 1). List all labels in the task's configuration."
    }
  }
}
