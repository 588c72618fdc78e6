import CKernels

extension Tensor {
  /// The exponential function of every element.
  public func exponential() -> Tensor {
    let output = mapped(kernel_exponential)
    return output.recorded(from: [self]) { gradient, _ in [gradient * output] }
  }

  /// The natural logarithm of every element; NaN where it is negative.
  public func logarithm() -> Tensor {
    let input = detached
    return mapped(kernel_logarithm).recorded(from: [self]) { gradient, _ in [gradient / input] }
  }

  /// The square root of every element; NaN where it is negative.
  public func squareRoot() -> Tensor {
    mapped(kernel_square_root, outputPullback: kernel_square_root_backward)
  }

  /// The absolute value of every element; its gradient is 0 at 0.
  public func magnitude() -> Tensor {
    mapped(kernel_magnitude, inputPullback: kernel_magnitude_backward)
  }

  /// Every element moved into the range; the gradient flows where it lay inside or on a bound.
  public func clamped(to range: ClosedRange<Float>) -> Tensor {
    let input = detached
    let output = Tensor(shape: shape) { y in
      input.withPointer { x in
        forEachPiece(count) { start, count in
          kernel_clamp(count, range.lowerBound, range.upperBound, x + start, y + start)
        }
      }
    }
    return output.recorded(from: [self]) { gradient, _ in
      [input.clampPulledBack(gradient, to: range)]
    }
  }

  /// The gradient where this tensor lies within the range, 0 elsewhere.
  func clampPulledBack(_ gradient: Tensor, to range: ClosedRange<Float>) -> Tensor {
    Tensor(shape: shape) { y in
      withPointer { x in
        gradient.withPointer { g in
          forEachPiece(count) { start, count in
            kernel_clamp_backward(
              count, range.lowerBound, range.upperBound, x + start, g + start, y + start)
          }
        }
      }
    }
  }
}
