import CKernels

/// The formula of the Gaussian error linear unit (Hendrycks, Gimpel, 2016).
public enum GELU: String, Codable, Sendable {
  /// x Φ(x), exactly.
  case erf
  /// The approximation of Φ by a hyperbolic tangent.
  case tanh
}

extension Tensor {
  /// The rectifier: max(x, 0).
  public func relu() -> Tensor {
    mapped(kernel_relu, outputPullback: kernel_relu_backward)
  }

  /// The rectifier that stops at 6: min(max(x, 0), 6); the gradient is 0 at both ends.
  public func relu6() -> Tensor {
    let input = detached
    return input.clamped(to: 0...6).recorded(from: [self]) { gradient, _ in
      let (low, high) = (Float.leastNonzeroMagnitude, Float(6).nextDown)
      return [input.clampPulledBack(gradient, to: low...high)]
    }
  }

  /// The Gaussian error linear unit x Φ(x).
  public func gelu(_ kind: GELU = .erf) -> Tensor {
    switch kind {
    case .erf: mapped(kernel_gelu, inputPullback: kernel_gelu_backward)
    case .tanh: mapped(kernel_gelu_tanh, inputPullback: kernel_gelu_tanh_backward)
    }
  }

  /// What follows a product, as an operation of its own.
  public func activated(_ activation: Activation) -> Tensor {
    switch activation {
    case .none: self
    case .relu: relu()
    case .relu6: relu6()
    case .gelu: gelu()
    case .tanhGELU: gelu(.tanh)
    case .silu: self * sigmoid()
    }
  }

  /// The logistic function 1 / (1 + exp(-x)).
  public func sigmoid() -> Tensor {
    mapped(kernel_sigmoid, outputPullback: kernel_sigmoid_backward)
  }

  /// The hyperbolic tangent.
  public func tanh() -> Tensor {
    mapped(kernel_tanh, outputPullback: kernel_tanh_backward)
  }
}
