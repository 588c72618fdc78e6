import Inputs
import Layers
import Models
import Tensors

/// A ViLT that answers questions about pictures.
public struct ViLTModel: AnsweringModel {
  /// Dimensions, answers and preprocessing.
  public let configuration: ViLTConfiguration
  /// From pictures and questions to logits.
  public let network: ViLT
  /// Every parameter, in the order of a checkpoint.
  public let parameters: [Parameter]
  /// The tokenizer.
  public let wordPiece: WordPiece?

  /// Builds a model whose parameters come from a source of fresh or loaded weights.
  ///
  /// - Throws: `ParameterError` when the weights do not fit.
  public init(
    _ configuration: ViLTConfiguration, wordPiece: WordPiece, source: ParameterSource
  ) throws {
    self.configuration = configuration
    self.wordPiece = wordPiece
    network = try ViLT(configuration, in: source.root)
    // Older files hold the numbers of the positions, 0, 1, 2, …
    try source.finish { $0.hasSuffix(".position_ids") }
    parameters = source.parameters
  }

  /// `vilt`.
  public var family: String { configuration.family }
  /// The one task.
  public var tasks: [TaskSpec] { configuration.tasks }
  /// The configuration's preprocessing.
  public var preprocessing: Preprocessing? { configuration.preprocessing }

  /// Those of the question.
  public var textTables: TextTables? {
    let text = configuration.text
    return TextTables(
      vocabulary: text.vocabulary, positions: text.positions, types: text.types)
  }

  /// Answers with the probability of each by itself, as the visual-question-answering pipeline of
  /// transformers gives them; the picture's patches are embedded once for all questions.
  public func ask(_ image: Image, _ texts: [String], task: TaskSpec) throws -> [[RankedAnswer]] {
    guard let wordPiece else { throw AnsweringError.noTask(use: .question) }
    let pictures = try embed(ImageBatch([configuration.preprocessing(image)]))
    let limit = task.maximumTokens ?? configuration.text.positions
    return texts.map { text in
      let tokens = TokenBatch(
        [wordPiece.encode(text, maximumLength: limit)], paddingID: wordPiece.vocabulary.paddingID)
      return ranked(network(pictures, tokens).logits.sigmoid(), labels: task.labels)[0]
    }
  }

  /// `last_hidden_state`, `pooler_output` and `logits`, as `ViltForQuestionAnswering` has them; the
  /// patches stand in their order, row by row.
  public func forward(
    images: ImageBatch?, texts: TokenBatch?, task: TaskSpec
  ) throws -> [(name: String, tensor: Tensor)] {
    guard let images, let texts else { throw AnsweringError.noTask(use: .question) }
    let output = network(try embed(images), texts, allStates: true)
    return [
      ("last_hidden_state", output.states), ("pooler_output", output.pooled),
      ("logits", output.logits),
    ]
  }

  /// Both layouts can hold it.
  public func files(_ layout: ModelLayout) throws -> ModelFiles {
    try ViLTFamily.files(of: self, layout)
  }

  private func embed(_ images: ImageBatch) throws -> ViLT.Pictures {
    let patch = configuration.image.patch
    guard images.width >= patch, images.height >= patch else {
      throw ViLTError.tooSmall(width: images.width, height: images.height, patch: patch)
    }
    return network.embed(images)
  }
}
