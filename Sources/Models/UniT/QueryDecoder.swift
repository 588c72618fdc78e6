import Layers
import Tensors

/// DETR's decoder: queries that read a memory in several layers. It knows neither the modality of
/// the memory nor the task; both are in what it is given.
public struct QueryDecoder: Sendable {
  let layers: [TransformerDecoderLayer]
  let norm: LayerNorm
  let width: Int
  /// What makes positions of boxes; nil where no task that uses the decoder has any.
  let boxPositions: BoxPositions?
  private let normalizesEveryLayer: Bool

  /// A decoder with DETR's parameter names.
  ///
  /// - Parameter readsBoxes: whether a task that uses it has reference boxes.
  public init(
    _ configuration: DecoderConfiguration, readsBoxes: Bool = false, in scope: Scope
  ) throws {
    layers = try (0..<configuration.layers).map {
      try TransformerDecoderLayer(configuration.transformer, in: scope["layers"][$0])
    }
    norm = try LayerNorm(configuration.width, in: scope["norm"])
    width = configuration.width
    normalizesEveryLayer = configuration.normalizesEveryLayer ?? false
    boxPositions = readsBoxes ? try BoxPositions(width: configuration.width, in: scope) : nil
  }

  /// Decodes with the task's queries.
  ///
  /// - Parameters:
  ///   - memory: `[batch, tokens, width]` with positions and padding.
  ///   - queries: the task's query embeddings, `[queries, width]`.
  /// - Returns: the normalised states after every layer, each `[batch, queries, width]`.
  public func callAsFunction(_ memory: EncodedSequence, queries: Tensor) -> [Tensor] {
    self(memory, queries: queries, further: nil)
  }

  /// The same with queries behind the task's own.
  func callAsFunction(
    _ memory: EncodedSequence, queries: Tensor, further: FurtherQueries?
  ) -> [Tensor] {
    let placed = memory.states + memory.positions
    let groups = further.map { [QueryGroup(length: queries.shape[0])] + $0.groups }
    return decode(batch: memory.states.shape[0], queries, further: further) {
      layer, x, queryPositions in
      let layer = layers[layer]
      return layer(
        x, queryPositions: queryPositions,
        memory: layer.crossAttention.projected(key: placed, value: memory.states),
        padding: memory.padding, groups: groups)
    }
  }

  /// Decodes what was read of a memory, followed by more of it; without gradients.
  ///
  /// - Parameters:
  ///   - known: what was read, for each sample or one for all.
  ///   - more: `[batch, tokens, width]`; nil for no more.
  ///   - queries: the task's query embeddings, `[queries, width]`.
  ///   - rows: how many of the first queries the last layer's states are wanted for; nil for all.
  /// - Returns: the same as of both memories one after the other, `[batch, queries, width]` each, the
  ///   last `[batch, rows, width]`.
  func callAsFunction(
    _ known: DecoderMemory, followedBy more: EncodedSequence?, queries: Tensor, rows: Int? = nil
  ) -> [Tensor] {
    let nothing = Tensor.zeros([known.layers[0].batch, 0, width])
    let (states, positions) = (more?.states ?? nothing, more?.positions ?? nothing)
    let placed = states + positions
    return decode(batch: states.shape[0], queries) { layer, x, queryPositions in
      layers[layer](
        x, queryPositions: queryPositions, memory: known.layers[layer],
        followedBy: layers[layer].crossAttention.projected(key: placed, value: states),
        padding: more?.padding, rows: layer == layers.count - 1 ? rows : nil)
    }
  }

  /// What every layer reads of a memory, whatever the queries; without gradients.
  func read(_ memory: EncodedSequence) -> DecoderMemory {
    let placed = memory.states + memory.positions
    return DecoderMemory(
      layers: layers.map { layer in
        layer.crossAttention.laidOut(
          layer.crossAttention.projected(key: placed, value: memory.states),
          keyPadding: memory.padding)
      })
  }

  private func decode(
    batch: Int, _ queries: Tensor, further: FurtherQueries? = nil,
    step: (_ layer: Int, _ x: Tensor, _ queryPositions: Tensor) -> Tensor
  ) -> [Tensor] {
    let count = queries.shape[0]
    var queryPositions = queries.reshaped([1, count, width])
    var x = Tensor.zeros([batch, count, width])
    if let further {
      queryPositions = concatenated(
        [queryPositions + .zeros([batch, 1, 1]), further.places], axis: 1)
      x = concatenated([x, further.states], axis: 1)
    }
    return layers.indices.map { layer in
      x = step(layer, x, queryPositions)
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
  /// One a layer.
  let layers: [AttentionMemory]
}
