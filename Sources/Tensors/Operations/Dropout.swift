import CKernels

extension Tensor {
  /// Sets each element to zero with probability `rate` and divides the others by `1 - rate`.
  ///
  /// It acts only inside a `withGradients` that was given a dropout key; the same key and the same
  /// order of operations drop the same elements. The pullback draws the numbers again rather than
  /// keep a mask.
  public func dropout(_ rate: Float) -> Tensor {
    precondition(rate >= 0 && rate < 1, "a dropout rate lies in 0..<1, not at \(rate)")
    guard rate > 0, let key = Tape.current?.nextDropoutKey() else { return self }
    return detached.dropped(rate, key: key).recorded(from: [self]) { gradient, _ in
      [gradient.dropped(rate, key: key)]
    }
  }

  private func dropped(_ rate: Float, key: RandomKey) -> Tensor {
    let threshold = UInt32((rate * 0x1p24).rounded(.up))
    let scale = 1 / (1 - rate)
    return Tensor(shape: shape) { y in
      withPointer { x in
        forEachPiece(count) { start, count in
          kernel_dropout(count, start, key.bits, threshold, scale, x + start, y + start)
        }
      }
    }
  }
}
