import CKernels

/// The mean over all elements of log(1 + exp(x)) - x * target, computed without overflow.
///
/// - Parameters:
///   - logits: any shape.
///   - targets: the same shape, each in 0...1; a constant.
/// - Returns: a scalar; NaN where there are no elements.
public func binaryCrossEntropy(logits: Tensor, targets: Tensor) -> Tensor {
  precondition(
    logits.shape == targets.shape,
    "binary cross entropy of logits \(logits.shape) and targets \(targets.shape)")
  let (x, goal) = (logits.detached, targets.detached)
  let count = x.count
  let sum = x.withPointer { x in
    goal.withPointer { goal in
      sumOfPieces(count) { start, count in kernel_logistic_loss(count, x + start, goal + start) }
    }
  }
  return Tensor(Float(sum / Double(count))).recorded(from: [logits]) { gradient, _ in
    let scale = gradient.scalar / Float(count)
    let result = Tensor(shape: x.shape) { dx in
      x.withPointer { x in
        goal.withPointer { goal in
          forEachPiece(count) { start, count in
            kernel_logistic_loss_backward(count, x + start, goal + start, scale, dx + start)
          }
        }
      }
    }
    return [result]
  }
}
