import Tensors

/// One layer of DETR's encoder: self-attention and a two-layer network, each with a residual and a
/// layer normalisation (`TransformerEncoderLayer.forward_post` and `forward_pre` in DETR).
public struct TransformerEncoderLayer: Sendable {
  /// Attention over the sequence itself.
  public let selfAttention: MultiheadAttention
  private let feedForward: FeedForward
  private let norm1: LayerNorm
  private let norm2: LayerNorm
  private let dropout: Float
  private let normalizesBefore: Bool

  /// A layer with DETR's parameter names.
  public init(_ shape: TransformerShape, in scope: Scope) throws {
    selfAttention = try MultiheadAttention(
      width: shape.width, heads: shape.heads, dropout: shape.dropout, in: scope["self_attn"])
    feedForward = try FeedForward(shape, in: scope)
    norm1 = try LayerNorm(shape.width, in: scope["norm1"])
    norm2 = try LayerNorm(shape.width, in: scope["norm2"])
    dropout = shape.dropout
    normalizesBefore = shape.normalizesBefore
  }

  /// One step of encoding.
  ///
  /// - Parameters:
  ///   - x: `[batch, tokens, width]`
  ///   - positions: added to queries and keys, never to values; `[batch, tokens, width]`
  ///   - padding: `batch * tokens` flags, true where a token is valid.
  public func callAsFunction(_ x: Tensor, positions: Tensor, padding: [Bool]?) -> Tensor {
    if normalizesBefore {
      let normalized = norm1(x)
      let x = x + attend(normalized, positions: positions, padding: padding)
      return x + feedForward(norm2(x))
    }
    let attended = norm1(x, plus: attend(x, positions: positions, padding: padding))
    return norm2(attended, plus: feedForward(attended))
  }

  private func attend(_ x: Tensor, positions: Tensor, padding: [Bool]?) -> Tensor {
    let placed = x + positions
    return selfAttention(query: placed, key: placed, value: x, keyPadding: padding)
      .dropout(dropout)
  }
}
