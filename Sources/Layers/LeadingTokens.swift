import Tensors

extension Tensor {
  /// The first `count` tokens of each sequence of `[batch, tokens, width]`; all where it is nil.
  public func leadingTokens(_ count: Int?) -> Tensor {
    count.map { sliced(axis: 1, range: 0..<$0) } ?? self
  }
}
