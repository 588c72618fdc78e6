import CKernels

/// The sum of |a - b| over all elements (the L1 loss, unreduced by a mean).
///
/// - Parameters:
///   - a: any shape.
///   - b: the same shape.
/// - Returns: a scalar; its gradient is 0 where the elements are equal.
public func absoluteDifference(_ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(a.shape == b.shape, "absolute difference of \(a.shape) and \(b.shape)")
  let (keptA, keptB) = (a.detached, b.detached)
  let count = a.count
  let sum = a.withPointer { a in
    b.withPointer { b in
      sumOfPieces(count) { start, count in kernel_absolute_difference(count, a + start, b + start) }
    }
  }
  return Tensor(Float(sum)).recorded(from: [a, b]) { gradient, needed in
    func signs(_ scale: Float) -> Tensor {
      Tensor(shape: keptA.shape) { da in
        keptA.withPointer { a in
          keptB.withPointer { b in
            forEachPiece(count) { start, count in
              kernel_absolute_difference_backward(count, a + start, b + start, scale, da + start)
            }
          }
        }
      }
    }
    return [
      needed[0] ? signs(gradient.scalar) : nil, needed[1] ? signs(-gradient.scalar) : nil,
    ]
  }
}
