import Inputs
import Layers
import Models
import Tensors

/// A BERT by itself: makes one vector of a text, and tells how similar two texts are.
public struct BERTModel: AnsweringModel {
  /// Dimensions, pooling and the task.
  public let configuration: BERTConfiguration
  /// The network.
  public let network: BERT
  /// Every parameter, in the order of a checkpoint.
  public let parameters: [Parameter]
  private let tokenizer: WordPiece

  /// Builds a model whose parameters, with Hugging Face's names, come from a source.
  ///
  /// - Throws: `ParameterError` when the weights do not fit.
  public init(
    _ configuration: BERTConfiguration, wordPiece: WordPiece, source: ParameterSource
  ) throws {
    self.configuration = configuration
    tokenizer = wordPiece
    network = try BERT(
      configuration.text, epsilon: configuration.epsilon, hasPooler: configuration.hasPooler,
      in: source.root)
    try source.finish(ignoring: BERTNames.isUnused)
    parameters = source.parameters
  }

  /// `bert`.
  public var family: String { configuration.family }
  /// The one task, `similarity`.
  public var tasks: [TaskSpec] { configuration.tasks }
  /// None: the model sees no pictures.
  public var preprocessing: Preprocessing? { nil }
  /// The tokenizer.
  public var wordPiece: WordPiece? { tokenizer }
  /// Those of the network.
  public var textTables: TextTables? {
    let text = configuration.text
    return TextTables(vocabulary: text.vocabulary, positions: text.positions, types: text.types)
  }

  /// The vectors of texts, `[texts, width]`.
  public func embeddings(_ texts: [String], task: TaskSpec) throws -> Tensor {
    let limit = maximumTokens(of: task) ?? configuration.text.positions
    let tokens = TokenBatch(
      texts.map { tokenizer.encode($0, pair: nil, maximumLength: limit) },
      paddingID: tokenizer.vocabulary.paddingID)
    if configuration.pooling == .cls {
      let first = [Bool](repeating: true, count: texts.count)
      return embeddings(of: network(tokens, rows: 1), mask: first)
    }
    return embeddings(of: network(tokens), mask: tokens.mask)
  }

  private func embeddings(of states: Tensor, mask: [Bool]) -> Tensor {
    let pooled = configuration.pooling(states, mask: mask)
    return configuration.normalizes ? pooled.dividedByLength : pooled
  }

  /// How similar two texts are: the cosine of the angle between their vectors, in `-1...1`.
  ///
  /// - Throws: `AnsweringError.needsSecond` for one text alone.
  public func read(_ text: String, _ second: String?, task: TaskSpec) throws -> [RankedAnswer] {
    guard let second else { throw AnsweringError.needsSecond(task: task.name) }
    let vectors = try embeddings([text, second], task: task).dividedByLength
    let cosine = (vectors.sliced(axis: 0, range: 0..<1) * vectors.sliced(axis: 0, range: 1..<2))
      .sum().scalar
    // Rounding may lead a little beyond.
    return [RankedAnswer(answer: task.labels[0], score: max(-1, min(1, cosine)))]
  }

  /// `last_hidden_state`, `pooler_output` of a network that has a pooler, and `embedding`.
  public func forward(
    images: ImageBatch?, texts: TokenBatch?, task: TaskSpec
  ) throws -> [(name: String, tensor: Tensor)] {
    guard let texts else { throw AnsweringError.noTask(use: .text) }
    let states = network(texts)
    var outputs = [("last_hidden_state", states)]
    if let pooled = network.pooled(states) { outputs.append(("pooler_output", pooled)) }
    outputs.append(("embedding", embeddings(of: states, mask: texts.mask)))
    return outputs
  }

  /// This program's layout, or transformers' with the files of sentence-transformers.
  public func files(_ layout: ModelLayout) throws -> ModelFiles {
    try BERTFamily.files(of: self, tokenizer, layout)
  }
}

extension Tensor {
  /// Each row divided by its length, at least 1e-12.
  fileprivate var dividedByLength: Tensor {
    let squares = (self * self).sum(axes: [1], keepingAxes: true)
    return self / Tensors.maximum(squares.squareRoot(), Tensor(1e-12))
  }
}
