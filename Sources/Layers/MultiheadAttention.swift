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
  private let prepared = (0..<3).map { _ in Prepared<PackedMatrix>() }

  /// An attention whose parameters are `in_proj_weight`, `in_proj_bias` and `out_proj`.
  public init(width: Int, heads: Int, dropout: Float, in scope: Scope) throws {
    precondition(width % heads == 0, "\(heads) heads do not divide the width \(width)")
    inputWeight = try scope.weight("in_proj_weight", [3 * width, width], .xavierUniform)
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
    self(query: query, projected: projected(key: key, value: value), keyPadding: keyPadding)
  }

  /// Attention of `query` over what `projected(key:value:)` made of keys and values.
  ///
  /// - Parameters:
  ///   - query: `[batch, queries, width]`
  ///   - projected: keys and values of the heads, `[batch, keys, width]` each.
  ///   - keyPadding: `batch * keys` flags, true where a key is valid; nil when all are.
  /// - Returns: `[batch, queries, width]`
  public func callAsFunction(
    query: Tensor, projected: ProjectedMemory, keyPadding: [Bool]? = nil
  ) -> Tensor {
    output(
      attention(
        query: project(query, 0), key: projected.keys, value: projected.values, heads: heads,
        keyPadding: keyPadding, dropout: dropout))
  }

  /// Attention of `query` over a memory that was laid out once, followed by more; without gradients.
  ///
  /// - Parameters:
  ///   - query: `[batch, queries, width]`
  ///   - memory: what `laidOut` made for these samples, or for one that all of them share.
  ///   - more: further keys and values, `[batch, keys, width]` each; there may be none, keys = 0.
  ///   - keyPadding: `batch * keys` flags, true where one of the further keys is valid; nil when all
  ///     are.
  /// - Returns: `[batch, queries, width]`
  public func callAsFunction(
    query: Tensor, memory: AttentionMemory, followedBy more: ProjectedMemory,
    keyPadding: [Bool]? = nil
  ) -> Tensor {
    output(
      attention(
        query: project(query, 0), memory: memory, key: more.keys, value: more.values,
        keyPadding: keyPadding))
  }

  /// Keys and values in the order in which queries read them, for many queries.
  public func laidOut(_ projected: ProjectedMemory, keyPadding: [Bool]?) -> AttentionMemory {
    AttentionMemory(
      key: projected.keys, value: projected.values, heads: heads, keyPadding: keyPadding)
  }

  /// The heads' keys and values, which do not depend on the queries: they can be made once and be
  /// read many times.
  public func projected(key: Tensor, value: Tensor) -> ProjectedMemory {
    ProjectedMemory(keys: project(key, 1), values: project(value, 2))
  }

  /// The weights that `callAsFunction` mixes the values with, `[batch, heads, queries, keys]`.
  public func weights(query: Tensor, key: Tensor, keyPadding: [Bool]? = nil) -> Tensor {
    attentionWeights(
      query: project(query, 0), key: project(key, 1), heads: heads, keyPadding: keyPadding)
  }

  private func project(_ x: Tensor, _ part: Int) -> Tensor {
    let rows = part * width..<(part + 1) * width
    let matrix = prepared[part](inputWeight, inputBias) { lasts in
      PackedMatrix(
        weight: inputWeight.value, rows: rows,
        shift: inputBias.value.sliced(axis: 0, range: rows), precision: inputWeight.precision,
        lasts: lasts)
    }
    if let matrix { return product(x, matrix) }
    return linear(
      x, weight: inputWeight.tensor.sliced(axis: 0, range: rows),
      bias: inputBias.tensor.sliced(axis: 0, range: rows))
  }
}

/// Keys and values of all heads of one attention, side by side.
public struct ProjectedMemory: Sendable {
  /// `[batch, keys, width]`
  public let keys: Tensor
  /// `[batch, keys, width]`
  public let values: Tensor
}
