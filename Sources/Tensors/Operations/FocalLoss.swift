import Foundation

/// The sum of the focal losses of independent classes (Lin et al., Focal Loss for Dense Object
/// Detection, 2017; `sigmoid_focal_loss` of Conditional DETR before its division).
///
/// With p = sigmoid(x), an element whose target is 1 loses -alpha (1 - p)^gamma log p, any other
/// -(1 - alpha) p^gamma log(1 - p); both without overflow.
///
/// - Parameters:
///   - logits: any shape.
///   - ones: positions, row by row, of the elements whose target is 1.
///   - alpha: share of the elements whose target is 1, in `0...1`.
///   - gamma: how much what is known already is played down, 0 or more.
/// - Returns: a scalar.
public func focalLoss(logits: Tensor, ones: [Int], alpha: Float, gamma: Float) -> Tensor {
  let x = logits.detached
  let count = x.count
  var isOne = [Bool](repeating: false, count: count)
  for position in ones { isOne[position] = true }
  let flags = isOne
  let sum = x.withPointer { x in
    sumOfPieces(count) { start, length in
      var sum = 0.0
      for index in start..<start + length {
        let part = FocalPart(x[index], isOne: flags[index], alpha: alpha, gamma: gamma)
        sum += Double(part.loss)
      }
      return sum
    }
  }
  return Tensor(Float(sum)).recorded(from: [logits]) { gradient, _ in
    let scale = gradient.scalar
    return [
      Tensor(shape: x.shape) { dx in
        x.withPointer { x in
          forEachPiece(count) { start, length in
            for index in start..<start + length {
              let part = FocalPart(x[index], isOne: flags[index], alpha: alpha, gamma: gamma)
              dx[index] = scale * part.slope
            }
          }
        }
      }
    ]
  }
}

/// One element of the loss. An element whose target is 0 loses what one with target 1 loses at the
/// opposite logit, with the other share.
private struct FocalPart {
  private let weight: Float
  private let sign: Float
  /// Probability of what is not right, of what is right, and minus the logarithm of the latter.
  private let wrong: Float
  private let right: Float
  private let surprise: Float
  private let gamma: Float

  @inline(__always)
  init(_ x: Float, isOne: Bool, alpha: Float, gamma: Float) {
    sign = isOne ? 1 : -1
    weight = isOne ? alpha : 1 - alpha
    let z = sign * x
    let small = exp(-abs(z))
    let larger = 1 / (1 + small)
    (right, wrong) = z >= 0 ? (larger, small * larger) : (small * larger, larger)
    surprise = log1p(small) + max(-z, 0)
    self.gamma = gamma
  }

  /// wrong^gamma
  @inline(__always)
  private var focus: Float {
    gamma == 2 ? wrong * wrong : gamma == 0 ? 1 : pow(wrong, gamma)
  }

  @inline(__always)
  var loss: Float { weight * focus * surprise }

  /// The derivative by the logit: d wrong / dz = -wrong right, d surprise / dz = -wrong.
  @inline(__always)
  var slope: Float { -sign * weight * focus * (gamma * right * surprise + wrong) }
}
