import Layers
import Tensors

/// DETR's decoder: queries that read a memory in several layers. It knows neither the modality of
/// the memory nor the task; both are in what it is given.
public struct QueryDecoder: Sendable {
  private let layers: [TransformerDecoderLayer]
  private let norm: LayerNorm
  private let width: Int

  /// A decoder with DETR's parameter names.
  public init(_ configuration: DecoderConfiguration, in scope: Scope) throws {
    layers = try (0..<configuration.layers).map {
      try TransformerDecoderLayer(configuration.transformer, in: scope["layers"][$0])
    }
    norm = try LayerNorm(configuration.width, in: scope["norm"])
    width = configuration.width
  }

  /// Decodes with the task's queries.
  ///
  /// - Parameters:
  ///   - memory: `[batch, tokens, width]` with positions and padding.
  ///   - queries: the task's query embeddings, `[queries, width]`.
  /// - Returns: the normalised states after every layer, each `[batch, queries, width]`.
  public func callAsFunction(_ memory: EncodedSequence, queries: Tensor) -> [Tensor] {
    let batch = memory.states.shape[0]
    let count = queries.shape[0]
    let queryPositions = queries.reshaped([1, count, width])
    let placedMemory = memory.states + memory.positions
    var x = Tensor.zeros([batch, count, width])
    return layers.map { layer in
      x = layer(
        x, queryPositions: queryPositions, memory: memory.states, placedMemory: placedMemory,
        padding: memory.padding)
      return norm(x)
    }
  }
}
