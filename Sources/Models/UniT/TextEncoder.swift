import Inputs
import Layers
import Tensors

/// UniT's text encoder: BERT with a learned token that tells the task (Hu and Singh, 2021,
/// section 3.2).
///
/// The task's token stands before the words, after the normalisation of the embeddings, and is
/// taken away again after the last layer. BERT's pooler is not used.
public struct TextEncoder: Sendable {
  private let configuration: TextConfiguration
  private let words: Embedding
  private let positions: Embedding
  private let types: Embedding
  private let norm: LayerNorm
  private let layers: [BERTLayer]
  private let taskEmbeddings: Embedding?

  /// An encoder with the official UniT's parameter names; `scope` is the root.
  public init(_ configuration: TextConfiguration, in scope: Scope) throws {
    self.configuration = configuration
    let width = configuration.width
    let embeddings = scope["bert_model.module.embeddings"]
    func table(_ rows: Int, _ scope: Scope) throws -> Embedding {
      try Embedding(
        rows: rows, width: width, initializer: .normal(standardDeviation: 0.05), in: scope)
    }
    words = try table(configuration.vocabulary, embeddings["word_embeddings"])
    positions = try table(configuration.positions, embeddings["position_embeddings"])
    types = try table(configuration.types, embeddings["token_type_embeddings"])
    norm = try LayerNorm(width, epsilon: 1e-12, in: embeddings["LayerNorm"])
    layers = try (0..<configuration.layers).map {
      try BERTLayer(configuration.transformer, in: scope["bert_model.module.encoder.layer"][$0])
    }
    taskEmbeddings =
      configuration.taskEmbeddings == 0
      ? nil
      : try table(configuration.taskEmbeddings, scope["task_embeddings_lang"])
  }

  /// Encodes padded token sequences for a task.
  ///
  /// - Returns: states `[batch, length, width]`, the rows of BERT's own position table as their
  ///   positions, and the padding.
  public func callAsFunction(_ tokens: TokenBatch, taskIndex: Int) -> EncodedSequence {
    let (batch, length) = (tokens.batch, tokens.length)
    let places = Array(0..<length)
    let placed = positions(places, shape: [1, length])
    let embedded =
      words(tokens.ids, shape: [batch, length]) + types(tokens.typeIds, shape: [batch, length])
      + placed
    let normalized = norm(embedded).dropout(configuration.dropout)
    let rows = concatenated([Tensor](repeating: placed, count: batch), axis: 0)
    let sequence = EncodedSequence(
      states: normalized, positions: rows,
      padding: tokens.mask.contains(false) ? tokens.mask : nil)
    let task = taskEmbeddings?.row(taskIndex)
    let input = task.map { sequence.prepending($0) } ?? sequence
    var x = input.states
    for layer in layers { x = layer(x, padding: input.padding) }
    if task != nil { x = x.sliced(axis: 1, range: 1..<input.tokens) }
    return EncodedSequence(states: x, positions: rows, padding: sequence.padding)
  }
}
