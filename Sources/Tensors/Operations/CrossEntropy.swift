import CKernels

/// The mean cross entropy between softmax(logits) and the target classes, as PyTorch weighs it.
///
/// sum(w[t] * -log softmax(x)[t]) / sum(w[t]) over the rows whose target is not ignored; NaN where
/// no row counts.
///
/// - Parameters:
///   - logits: [n, classes].
///   - targets: n classes.
///   - classWeights: [classes], a constant; nil weighs all alike.
///   - ignored: a target whose rows do not count.
/// - Returns: a scalar.
public func crossEntropy(
  _ logits: Tensor, targets: [Int], classWeights: Tensor? = nil, ignoring ignored: Int? = nil
) -> Tensor {
  precondition(
    logits.rank == 2 && logits.shape[0] == targets.count,
    "cross entropy of logits \(logits.shape) and \(targets.count) targets")
  let (rows, classes) = (logits.shape[0], logits.shape[1])
  precondition(
    classWeights == nil || classWeights!.shape == [classes],
    "cross entropy of \(classes) classes with class weights \(classWeights?.shape ?? [])")
  let weightOfClass = classWeights?.elements
  var weights = [Float](repeating: 0, count: rows)
  for (row, target) in targets.enumerated() where target != ignored {
    precondition(
      target >= 0 && target < classes,
      "target \(target) of row \(row) is none of the \(classes) classes")
    weights[row] = weightOfClass?[target] ?? 1
  }
  let total = weights.reduce(0) { $0 + Double($1) }

  let logSums = Storage(count: rows)
  let probabilities = Tensor(shape: logits.shape) { y in
    logits.withPointer { x in
      if classes == 0 { return }
      forEachPiece(rows: rows, width: classes) { first, count in
        let start = first * classes
        kernel_softmax_rows(count, classes, x + start, y + start, logSums.pointer + first)
      }
    }
  }
  var loss = 0.0
  logits.withPointer { x in
    for (row, target) in targets.enumerated() where target != ignored {
      loss += Double(weights[row]) * Double(logSums.pointer[row] - x[row * classes + target])
    }
  }
  return Tensor(Float(loss / total)).recorded(from: [logits]) { gradient, _ in
    let factor = gradient.scalar / Float(total)
    var factors = Tensor(weights, shape: [rows, 1])
    factors.withMutablePointer { for row in 0..<rows { $0[row] *= factor } }
    var result = probabilities * factors
    result.withMutablePointer { dx in
      factors.withPointer { factors in
        for (row, target) in targets.enumerated() where target != ignored {
          dx[row * classes + target] -= factors[row]
        }
      }
    }
    return [result]
  }
}
