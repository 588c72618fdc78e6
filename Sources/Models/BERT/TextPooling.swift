import Inputs
import Tensors

/// How the states of a text become one vector (the pooling modes of sentence-transformers).
public enum TextPooling: String, Codable, Sendable, CaseIterable {
  /// The state of the first token.
  case cls
  /// The mean of the states of all tokens.
  case mean
  /// The sum of the states divided by the square root of their number.
  case meanSqrtLength = "mean_sqrt_len"
  /// The largest of each channel.
  case max

  /// One vector a text, `[batch, width]`.
  ///
  /// - Parameters:
  ///   - states: `[batch, length, width]`
  ///   - mask: `batch * length` flags, true where a token is valid.
  public func callAsFunction(_ states: Tensor, mask: [Bool]) -> Tensor {
    let (batch, length, width) = (states.shape[0], states.shape[1], states.shape[2])
    precondition(
      mask.count == batch * length, "\(mask.count) flags for states of \(states.shape)")
    func sum(dividedBy divisor: (Float) -> Float) -> Tensor {
      let weights = (0..<batch).flatMap { item -> [Float] in
        let flags = mask[item * length..<(item + 1) * length]
        let factor = 1 / divisor(Float(Swift.max(flags.count { $0 }, 1)))
        return flags.map { $0 ? factor : 0 }
      }
      return matmul(Tensor(weights, shape: [batch, 1, length]), states).reshaped([batch, width])
    }
    switch self {
    case .cls: return states.sliced(axis: 1, range: 0..<1).reshaped([batch, width])
    case .mean: return sum { $0 }
    case .meanSqrtLength: return sum { $0.squareRoot() }
    case .max:
      let hidden = mask.map { $0 ? 0 : -Float.greatestFiniteMagnitude / 2 }
      return (states + Tensor(hidden, shape: [batch, length, 1])).maximum(axes: [1])
    }
  }
}
