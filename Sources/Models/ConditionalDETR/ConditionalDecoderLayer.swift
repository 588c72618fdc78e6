import Layers
import Tensors

/// One layer of Conditional DETR's decoder (Meng et al., Conditional DETR for Fast Training
/// Convergence, 2021): content and position are projected apart, and each head of the attention over
/// the memory compares them apart, so that its queries and keys are twice as wide as its values.
/// DAB-DETR has the same layer.
struct ConditionalDecoderLayer: Sendable {
  private let own: Projections
  private let seen: Projections
  private let ownOutput: Linear
  private let seenOutput: Linear
  private let sine: Linear
  private let feedForward: FeedForward
  private let norm1: LayerNorm
  private let norm2: LayerNorm
  private let norm3: LayerNorm
  private let shape: TransformerShape

  /// The projections of one attention, `sa_…` or `ca_…`.
  private struct Projections: Sendable {
    let queryContent: Linear
    let queryPosition: Linear?
    let keyContent: Linear
    let keyPosition: Linear
    let value: Linear

    init(_ prefix: String, width: Int, placesQueries: Bool, in scope: Scope) throws {
      func square(_ name: String) throws -> Linear {
        try Linear(width, width, in: scope["\(prefix)_\(name)"])
      }
      queryContent = try square("qcontent_proj")
      queryPosition = placesQueries ? try square("qpos_proj") : nil
      keyContent = try square("kcontent_proj")
      keyPosition = try square("kpos_proj")
      value = try square("v_proj")
    }
  }

  /// A layer with the parameter names of Conditional DETR.
  ///
  /// - Parameter addsPositions: whether the attention over the memory also adds positions to the
  ///   contents before it compares them, as the first layer does.
  init(_ shape: TransformerShape, addsPositions: Bool, in scope: Scope) throws {
    let width = shape.width
    own = try Projections("sa", width: width, placesQueries: true, in: scope)
    ownOutput = try Linear(width, width, in: scope["self_attn.out_proj"])
    seen = try Projections("ca", width: width, placesQueries: addsPositions, in: scope)
    sine = try Linear(width, width, in: scope["ca_qpos_sine_proj"])
    seenOutput = try Linear(width, width, in: scope["cross_attn.out_proj"])
    feedForward = try FeedForward(shape, in: scope)
    norm1 = try LayerNorm(width, in: scope["norm1"])
    norm2 = try LayerNorm(width, in: scope["norm2"])
    norm3 = try LayerNorm(width, in: scope["norm3"])
    self.shape = shape
  }

  /// One step of decoding.
  ///
  /// - Parameters:
  ///   - x: states of the queries, `[batch, queries, width]`
  ///   - queryPositions: `[1 or batch, queries, width]`
  ///   - querySines: the reference points' encodings, scaled, `[batch, queries, width]`
  ///   - memory: `[batch, tokens, width]` with positions and padding.
  func callAsFunction(
    _ x: Tensor, queryPositions: Tensor, querySines: Tensor, memory: EncodedSequence
  ) -> Tensor {
    let attended = norm1(x, plus: attendOwn(x, queryPositions).dropout(shape.dropout))
    let read = attendMemory(attended, queryPositions, querySines, memory)
    let informed = norm2(attended, plus: read.dropout(shape.dropout))
    return norm3(informed, plus: feedForward(informed))
  }

  private func attendOwn(_ x: Tensor, _ positions: Tensor) -> Tensor {
    guard let queryPosition = own.queryPosition else { preconditionFailure("init makes it") }
    return ownOutput(
      attention(
        query: own.queryContent(x) + queryPosition(positions),
        key: own.keyContent(x) + own.keyPosition(positions), value: own.value(x),
        heads: shape.heads, dropout: shape.dropout))
  }

  private func attendMemory(
    _ x: Tensor, _ positions: Tensor, _ sines: Tensor, _ memory: EncodedSequence
  ) -> Tensor {
    let keyPosition = seen.keyPosition(memory.positions)
    var query = seen.queryContent(x)
    var key = seen.keyContent(memory.states)
    if let queryPosition = seen.queryPosition {
      query = query + queryPosition(positions)
      key = key + keyPosition
    }
    return seenOutput(
      attention(
        query: perHead(query, sine(sines)), key: perHead(key, keyPosition),
        value: seen.value(memory.states), heads: shape.heads, keyPadding: memory.padding,
        dropout: shape.dropout))
  }

  /// Two tensors `[batch, n, width]` side by side within each head, `[batch, n, 2 width]`.
  private func perHead(_ content: Tensor, _ position: Tensor) -> Tensor {
    let (batch, count) = (content.shape[0], content.shape[1])
    let split = [batch, count, shape.heads, shape.width / shape.heads]
    return concatenated([content.reshaped(split), position.reshaped(split)], axis: 3)
      .reshaped([batch, count, 2 * shape.width])
  }
}
