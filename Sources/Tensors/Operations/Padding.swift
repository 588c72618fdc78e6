/// The zeros that a convolution sees around a picture.
public enum Padding: Sendable, Equatable, ExpressibleByIntegerLiteral {
  /// As many rows and columns on every side.
  case each(Int)
  /// As many as make the result's extents those of the picture divided by the stride, rounded up;
  /// where they are odd, the bottom and the right get one more (TensorFlow's "SAME").
  case same

  /// The same number on every side.
  public init(integerLiteral sides: Int) { self = .each(sides) }

  /// Zeros before and after an axis.
  ///
  /// - Parameters:
  ///   - extent: the picture's rows or columns.
  ///   - kernel: the kernel's rows or columns.
  func zeros(extent: Int, kernel: Int, stride: Int, dilation: Int) -> (before: Int, after: Int) {
    switch self {
    case .each(let sides): return (sides, sides)
    case .same:
      let steps = (extent + stride - 1) / stride - 1
      let total = max(0, steps * stride + dilation * (kernel - 1) + 1 - extent)
      return (total / 2, total - total / 2)
    }
  }
}
