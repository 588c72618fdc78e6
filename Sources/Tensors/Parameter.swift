/// A named tensor that training may change: a leaf of the tape.
///
/// The value is replaced only between steps, by the optimiser, on the thread that trains; a model
/// that serves requests never writes it. That is the promise behind `@unchecked Sendable`.
public final class Parameter: @unchecked Sendable {
  /// The name it has in a checkpoint.
  public let name: String
  /// The current value.
  public var value: Tensor
  /// Whether gradients are wanted; a frozen parameter is a constant.
  public var isTrainable: Bool

  /// A parameter with an initial value.
  public init(_ name: String, _ value: Tensor, isTrainable: Bool = true) {
    self.name = name
    self.value = value.detached
    self.isTrainable = isTrainable
  }

  /// The value as the operations of the running `withGradients` see it, or the plain value.
  public var tensor: Tensor {
    guard isTrainable, let tape = Tape.current else { return value }
    return Tensor(shape: value.shape, storage: value.storage, place: tape.leaf(for: self))
  }
}
