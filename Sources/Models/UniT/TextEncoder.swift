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
  private let bert: BERT
  private let taskEmbeddings: Embedding?

  /// An encoder with the official UniT's parameter names; `scope` is the root.
  public init(_ configuration: TextConfiguration, in scope: Scope) throws {
    self.configuration = configuration
    let width = configuration.width
    bert = try BERT(configuration, in: scope["bert_model.module"])
    taskEmbeddings =
      configuration.taskEmbeddings == 0
      ? nil
      : try Embedding(
        rows: configuration.taskEmbeddings, width: width,
        initializer: .normal(standardDeviation: 0.05), in: scope["task_embeddings_lang"])
  }

  /// Encodes padded token sequences for a task.
  ///
  /// - Returns: states `[batch, length, width]`, the rows of BERT's own position table as their
  ///   positions, and the padding.
  public func callAsFunction(_ tokens: TokenBatch, taskIndex: Int) -> EncodedSequence {
    let (embedded, placed) = bert.embed(tokens)
    let rows = concatenated([Tensor](repeating: placed, count: tokens.batch), axis: 0)
    let sequence = EncodedSequence(
      states: embedded, positions: rows,
      padding: tokens.mask.contains(false) ? tokens.mask : nil)
    let task = taskEmbeddings?.row(taskIndex)
    let input = task.map { sequence.prepending($0) } ?? sequence
    var x = bert.encode(input.states, padding: input.padding)
    if task != nil { x = x.sliced(axis: 1, range: 1..<input.tokens) }
    return EncodedSequence(states: x, positions: rows, padding: sequence.padding)
  }
}
