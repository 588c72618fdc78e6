import Foundation
import Tensors

/// How a detector learns the classes of its queries.
enum ClassLoss: Sendable {
  /// One of the classes or none of them (DETR).
  case softmax
  /// Each class by itself (Lin et al., Focal Loss for Dense Object Detection, 2017).
  case focal

  /// Share of the positive part of the focal loss, and the exponent that plays down what is known.
  static let (alpha, gamma): (Float, Float) = (0.25, 2)

  /// The probability of every class, the shape of `logits`.
  func probabilities(_ logits: Tensor) -> Tensor {
    switch self {
    case .softmax: logits.softmax()
    case .focal: logits.sigmoid()
    }
  }

  /// What the assignment of an object of a class to a query costs, the shape of `logits`: minus the
  /// probability, or what the focal loss would lose less (`HungarianMatcher` of Conditional DETR).
  func costs(_ logits: Tensor) -> Tensor {
    let probability = probabilities(logits)
    switch self {
    case .softmax: return -probability
    case .focal:
      var costs = probability
      costs.withMutablePointer { cost in
        for index in 0..<probability.count {
          let p = cost[index]
          let negative = (1 - Self.alpha) * p * p * -log(1 - p + 1e-8)
          let positive = Self.alpha * (1 - p) * (1 - p) * -log(p + 1e-8)
          cost[index] = positive - negative
        }
      }
      return costs
    }
  }
}
