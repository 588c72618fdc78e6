import CKernels

/// What is applied to a convolution's result in its last step.
public enum Activation: Sendable {
  /// Nothing.
  case none
  /// max(x, 0)
  case relu
  /// min(max(x, 0), 6)
  case relu6

  /// The range that the activation lets through.
  var limits: (low: Float, high: Float) {
    switch self {
    case .none: (-.infinity, .infinity)
    case .relu: (0, .infinity)
    case .relu6: (0, 6)
    }
  }
}

/// What follows the product.
struct Epilogue {
  let scale: Tensor?
  let shift: Tensor?
  let residual: Tensor?
  let activation: Activation

  func apply(
    to result: UnsafeMutablePointer<Float>, offset: Int, firstChannel: Int, channels: Int,
    columns: Int, stride: Int
  ) {
    let (low, high) = activation.limits
    if scale == nil && shift == nil && residual == nil && low == -.infinity { return }
    withExtendedLifetime((scale, shift, residual)) {
      kernel_channel_affine(
        channels, columns, stride, scale.map { UnsafePointer($0.storage.pointer) + firstChannel },
        shift.map { UnsafePointer($0.storage.pointer) + firstChannel },
        residual.map { UnsafePointer($0.storage.pointer) + offset }, low, high, result + offset)
    }
  }
}
