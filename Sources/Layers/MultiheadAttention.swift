import Tensors

/// Multi-head attention with packed projections (torch.nn.MultiheadAttention).
public struct MultiheadAttention: Sendable {
  /// Query, key and value projections one below the other, `[3 width, width]`.
  public let inputWeight: Parameter
  /// `[3 width]`
  public let inputBias: Parameter
  /// The output projection.
  public let output: Linear
  /// Number of heads; it divides the width.
  public let heads: Int
  /// Probability that a weight is dropped in training.
  public let dropout: Float
  private let width: Int

  /// An attention whose parameters are `in_proj_weight`, `in_proj_bias` and `out_proj`.
  public init(width: Int, heads: Int, dropout: Float, in scope: Scope) throws {
    precondition(width % heads == 0, "\(heads) heads do not divide the width \(width)")
    inputWeight = try scope.parameter("in_proj_weight", [3 * width, width], .xavierUniform)
    inputBias = try scope.parameter("in_proj_bias", [3 * width], .zeros)
    output = try Linear(
      width, width, in: scope["out_proj"])
    self.heads = heads
    self.dropout = dropout
    self.width = width
  }

  /// Attention of `query` over `key` and `value`.
  ///
  /// - Parameters:
  ///   - query: `[batch, queries, width]`
  ///   - key: `[batch, keys, width]`
  ///   - value: `[batch, keys, width]`
  ///   - keyPadding: `batch * keys` flags, true where a key is valid; nil when all are.
  /// - Returns: `[batch, queries, width]`
  public func callAsFunction(
    query: Tensor, key: Tensor, value: Tensor, keyPadding: [Bool]? = nil
  ) -> Tensor {
    let mixed = attention(
      query: project(query, 0), key: project(key, 1), value: project(value, 2), heads: heads,
      keyPadding: keyPadding, dropout: dropout)
    return output(mixed)
  }

  /// The weights that `callAsFunction` mixes the values with, `[batch, heads, queries, keys]`.
  public func weights(query: Tensor, key: Tensor, keyPadding: [Bool]? = nil) -> Tensor {
    attentionWeights(
      query: project(query, 0), key: project(key, 1), heads: heads, keyPadding: keyPadding)
  }

  private func project(_ x: Tensor, _ part: Int) -> Tensor {
    let rows = part * width..<(part + 1) * width
    return linear(
      x, weight: inputWeight.tensor.sliced(axis: 0, range: rows),
      bias: inputBias.tensor.sliced(axis: 0, range: rows))
  }
}
