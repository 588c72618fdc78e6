import CKernels

/// What is applied to the result of a product or a convolution in its last step.
public enum Activation: Sendable {
  /// Nothing.
  case none
  /// max(x, 0)
  case relu
  /// min(max(x, 0), 6)
  case relu6
  /// x Φ(x); after products only.
  case gelu
  /// x Φ(x) with the approximation of Φ by a hyperbolic tangent; after products only.
  case tanhGELU
  /// x / (1 + exp(-x)); after products only.
  case silu

  /// The range that the activation lets through.
  var limits: (low: Float, high: Float) {
    switch self {
    case .none: (-.infinity, .infinity)
    case .relu: (0, .infinity)
    case .relu6: (0, 6)
    case .gelu, .tanhGELU, .silu:
      preconditionFailure("a convolution cannot be followed by \(self)")
    }
  }
}

/// What follows a convolution, in its last step.
struct Epilogue {
  /// Added to every channel, `[channels]`.
  let shift: Tensor?
  /// Added to the result, of its shape.
  let residual: Tensor?
  let activation: Activation

  /// Finishes rows of the result.
  ///
  /// - Parameters:
  ///   - offset: of the first row in the result.
  ///   - channels: of a row.
  func apply(to result: UnsafeMutablePointer<Float>, offset: Int, channels: Int, rows: Int) {
    let (low, high) = activation.limits
    if shift == nil && residual == nil && low == -.infinity { return }
    withExtendedLifetime(self) {
      kernel_row_affine(
        rows, channels, shift.map { UnsafePointer($0.storage.pointer) },
        residual.map { UnsafePointer($0.storage.pointer) + offset }, low, high, result + offset)
    }
  }

  /// A product into `y`, rows of `channels` numbers, that is followed by this; its factors are
  /// still missing.
  func product(into y: UnsafeMutablePointer<Float>, channels: Int) -> kernel_product {
    _ = activation.limits
    var work = kernel_product()
    work.shift = shift.map { UnsafePointer($0.storage.pointer) }
    work.residual = residual.map { UnsafePointer($0.storage.pointer) }
    work.residual_stride = channels
    work.activation = activation.kernel
    work.y = y
    work.y_stride = channels
    return work
  }
}
