/// A named tensor that training may change: a leaf of the tape.
///
/// The value is replaced only between steps, by the optimiser, on the thread that trains; a model
/// that serves requests never writes it. That is the promise behind `@unchecked Sendable`.
public final class Parameter: @unchecked Sendable {
  /// The name it has in a checkpoint.
  public let name: String
  /// The current value.
  public var value: Tensor {
    didSet { version &+= 1 }
  }
  /// Counts the values it has had, for what is made from the value.
  private(set) var version = 0
  /// Whether gradients are wanted; a frozen parameter is a constant.
  public var isTrainable: Bool
  /// Whether it is a factor of products that are computed in the model's precision.
  public let isFactor: Bool
  /// The arithmetic of products with it where it is packed and no gradients are recorded.
  public let precision: Precision

  /// A parameter with an initial value.
  ///
  /// - Parameters:
  ///   - name: the name it has in a checkpoint.
  ///   - value: the initial value.
  ///   - isTrainable: whether gradients are wanted.
  ///   - precision: the arithmetic of products with it; nil where they are always computed in
  ///     32-bit floats.
  public init(
    _ name: String, _ value: Tensor, isTrainable: Bool = true, precision: Precision? = nil
  ) {
    self.name = name
    self.value = value.detached
    self.isTrainable = isTrainable
    self.isFactor = precision != nil
    self.precision = precision ?? .f32
  }

  /// The value as the operations of the running `withGradients` see it, or the plain value.
  public var tensor: Tensor {
    guard isTrainable, let tape = Tape.current else { return value }
    return Tensor(shape: value.shape, storage: value.storage, place: tape.leaf(for: self))
  }
}
