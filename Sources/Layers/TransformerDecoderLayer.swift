import Tensors

/// One layer of DETR's decoder: self-attention of the queries, attention over the memory, and a
/// two-layer network (`TransformerDecoderLayer.forward_post` and `forward_pre` in DETR).
public struct TransformerDecoderLayer: Sendable {
  /// Attention of the queries among themselves.
  public let selfAttention: MultiheadAttention
  /// Attention of the queries over the memory.
  public let crossAttention: MultiheadAttention
  private let feedForward: FeedForward
  private let norm1: LayerNorm
  private let norm2: LayerNorm
  private let norm3: LayerNorm
  private let dropout: Float
  private let normalizesBefore: Bool

  /// A layer with DETR's parameter names.
  public init(_ shape: TransformerShape, in scope: Scope) throws {
    selfAttention = try MultiheadAttention(
      width: shape.width, heads: shape.heads, dropout: shape.dropout, in: scope["self_attn"])
    crossAttention = try MultiheadAttention(
      width: shape.width, heads: shape.heads, dropout: shape.dropout, in: scope["multihead_attn"])
    feedForward = try FeedForward(shape, in: scope)
    norm1 = try LayerNorm(shape.width, in: scope["norm1"])
    norm2 = try LayerNorm(shape.width, in: scope["norm2"])
    norm3 = try LayerNorm(shape.width, in: scope["norm3"])
    dropout = shape.dropout
    normalizesBefore = shape.normalizesBefore
  }

  /// One step of decoding.
  ///
  /// - Parameters:
  ///   - x: states of the queries, `[batch, queries, width]`
  ///   - queryPositions: the query embeddings, `[1 or batch, queries, width]`
  ///   - memory: `[batch, tokens, width]`
  ///   - placedMemory: memory plus its positions, the keys; `[batch, tokens, width]`
  ///   - padding: `batch * tokens` flags, true where a token of the memory is valid.
  public func callAsFunction(
    _ x: Tensor, queryPositions: Tensor, memory: Tensor, placedMemory: Tensor, padding: [Bool]?
  ) -> Tensor {
    self(
      x, queryPositions: queryPositions,
      memory: crossAttention.projected(key: placedMemory, value: memory), padding: padding)
  }

  /// One step of decoding over keys and values that `crossAttention.projected` made.
  ///
  /// - Parameters:
  ///   - x: states of the queries, `[batch, queries, width]`
  ///   - queryPositions: the query embeddings, `[1 or batch, queries, width]`
  ///   - lookingPositions: what takes their place where the queries look at the memory.
  ///   - memory: `[batch, tokens, width]` each.
  ///   - padding: `batch * tokens` flags, true where a token of the memory is valid.
  ///   - groups: runs of queries that do not see each other; nil for one run of all.
  public func callAsFunction(
    _ x: Tensor, queryPositions: Tensor, lookingPositions: Tensor? = nil,
    memory: ProjectedMemory, padding: [Bool]?, groups: [QueryGroup]? = nil
  ) -> Tensor {
    step(x, queryPositions: queryPositions, lookingPositions: lookingPositions, groups: groups) {
      crossAttention(query: $0, projected: memory, keyPadding: padding)
    }
  }

  /// One step of decoding over what `crossAttention.laidOut` made, followed by more of the memory.
  ///
  /// - Parameters:
  ///   - x: states of the queries, `[batch, queries, width]`
  ///   - queryPositions: the query embeddings, `[1 or batch, queries, width]`
  ///   - memory: for each sample, or one for all.
  ///   - more: `[batch, tokens, width]` each; there may be no tokens.
  ///   - padding: `batch * tokens` flags, true where a token of `more` is valid.
  ///   - rows: how many of the first queries the result is wanted for, `[batch, rows, width]`; nil
  ///     for all.
  public func callAsFunction(
    _ x: Tensor, queryPositions: Tensor, memory: AttentionMemory, followedBy more: ProjectedMemory,
    padding: [Bool]?, rows: Int? = nil
  ) -> Tensor {
    step(x, queryPositions: queryPositions, rows: rows) {
      crossAttention(query: $0, memory: memory, followedBy: more, keyPadding: padding)
    }
  }

  private func step(
    _ x: Tensor, queryPositions: Tensor, lookingPositions: Tensor? = nil, rows: Int? = nil,
    groups: [QueryGroup]? = nil, look: (_ queries: Tensor) -> Tensor
  ) -> Tensor {
    let first = x.leadingTokens(rows)
    let firstPositions = (lookingPositions ?? queryPositions).leadingTokens(rows)
    func attendOwn(_ x: Tensor) -> Tensor {
      let placed = x + queryPositions
      guard let groups else {
        return selfAttention(query: placed.leadingTokens(rows), key: placed, value: x)
          .dropout(dropout)
      }
      return groups.attend(placed, x, selfAttention).dropout(dropout)
    }
    func attendMemory(_ x: Tensor) -> Tensor { look(x + firstPositions).dropout(dropout) }
    if normalizesBefore {
      let own = first + attendOwn(norm1(x))
      let seen = own + attendMemory(norm2(own))
      return seen + feedForward(norm3(seen))
    }
    let own = norm1(first, plus: attendOwn(x))
    let seen = norm2(own, plus: attendMemory(own))
    return norm3(seen, plus: feedForward(seen))
  }
}
