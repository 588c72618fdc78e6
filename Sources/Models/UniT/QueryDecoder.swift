import Layers
import Tensors

/// DETR's decoder: queries that read a memory in several layers. It knows neither the modality of
/// the memory nor the task; both are in what it is given.
public struct QueryDecoder: Sendable {
  private let layers: [TransformerDecoderLayer]
  private let norm: LayerNorm
  private let width: Int
  private let normalizesEveryLayer: Bool

  /// A decoder with DETR's parameter names.
  public init(_ configuration: DecoderConfiguration, in scope: Scope) throws {
    layers = try (0..<configuration.layers).map {
      try TransformerDecoderLayer(configuration.transformer, in: scope["layers"][$0])
    }
    norm = try LayerNorm(configuration.width, in: scope["norm"])
    width = configuration.width
    normalizesEveryLayer = configuration.normalizesEveryLayer ?? false
  }

  /// Decodes with the task's queries.
  ///
  /// - Parameters:
  ///   - memory: `[batch, tokens, width]` with positions and padding.
  ///   - queries: the task's query embeddings, `[queries, width]`.
  /// - Returns: the normalised states after every layer, each `[batch, queries, width]`.
  public func callAsFunction(_ memory: EncodedSequence, queries: Tensor) -> [Tensor] {
    let placed = memory.states + memory.positions
    return decode(batch: memory.states.shape[0], queries, padding: memory.padding) { layer in
      layers[layer].crossAttention.projected(key: placed, value: memory.states)
    }
  }

  /// Decodes what was read of a memory, followed by more of it.
  ///
  /// - Returns: the same as of both memories one after the other.
  func callAsFunction(
    _ known: DecoderMemory, followedBy more: EncodedSequence?, queries: Tensor
  ) -> [Tensor] {
    let batch = known.layers[0].keys.shape[0]
    guard let more else {
      return decode(batch: batch, queries, padding: known.padding) { known.layers[$0] }
    }
    let placed = more.states + more.positions
    let padding = joinedPadding(
      [(known.tokens, known.padding), (more.tokens, more.padding)], batch: batch)
    return decode(batch: batch, queries, padding: padding) { layer in
      known.layers[layer].followed(
        by: layers[layer].crossAttention.projected(key: placed, value: more.states))
    }
  }

  /// What every layer reads of a memory, whatever the queries.
  func read(_ memory: EncodedSequence) -> DecoderMemory {
    let placed = memory.states + memory.positions
    return DecoderMemory(
      layers: layers.map { $0.crossAttention.projected(key: placed, value: memory.states) },
      padding: memory.padding)
  }

  private func decode(
    batch: Int, _ queries: Tensor, padding: [Bool]?, memory: (_ layer: Int) -> ProjectedMemory
  ) -> [Tensor] {
    let count = queries.shape[0]
    let queryPositions = queries.reshaped([1, count, width])
    var x = Tensor.zeros([batch, count, width])
    return layers.indices.map { layer in
      x = layers[layer](
        x, queryPositions: queryPositions, memory: memory(layer), padding: padding)
      if normalizesEveryLayer {
        x = norm(x)
        if layer < layers.count - 1 { return x }
      }
      return norm(x)
    }
  }
}

/// The keys and values of every decoder layer for one memory.
struct DecoderMemory: Sendable {
  /// One a layer, `[batch, tokens, width]` each.
  let layers: [ProjectedMemory]
  /// `batch * tokens` flags, true where a token is valid; nil when all are.
  let padding: [Bool]?

  /// Number of tokens.
  var tokens: Int { layers[0].keys.shape[1] }
}
