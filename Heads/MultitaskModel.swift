import Inputs
import Layers
import Models
import Tensors

/// A whole model: UniT's network and the head of each of its tasks.
///
/// A model that answers requests is never written; any number of threads may use it at once.
public struct MultitaskModel: Sendable {
  /// Dimensions, tasks and preprocessing.
  public let configuration: UniTConfiguration
  /// From inputs to decoder states.
  public let network: UniT
  /// The head of each task, by the task's name.
  public let heads: [String: any Head]
  /// Every parameter, in the order of a checkpoint.
  public let parameters: [Parameter]
  /// The tokenizer; nil for a model without text.
  public let wordPiece: WordPiece?

  /// Builds a model whose parameters come from a source of fresh or loaded weights.
  ///
  /// - Parameters:
  ///   - configuration: a validated configuration.
  ///   - wordPiece: the tokenizer of a model that reads text.
  ///   - source: where the parameters come from.
  /// - Throws: `ParameterError` when the weights do not fit.
  public init(
    _ configuration: UniTConfiguration, wordPiece: WordPiece?, source: ParameterSource
  ) throws {
    self.configuration = configuration
    self.wordPiece = wordPiece
    network = try UniT(configuration, in: source.root)
    var heads: [String: any Head] = [:]
    for task in configuration.tasks {
      heads[task.name] = try HeadRegistry.head(
        HeadContext(
          task: task, width: configuration.decoder.width, dropout: configuration.decoder.dropout),
        in: source.root)
    }
    self.heads = heads
    try source.finish(ignoring: UniTNames.isIgnored)
    parameters = source.parameters
  }

  /// A model with fresh weights.
  public init(_ configuration: UniTConfiguration, wordPiece: WordPiece?, seed: UInt64) throws {
    try self.init(configuration, wordPiece: wordPiece, source: ParameterSource(seed: seed))
  }

  /// The states after every decoder layer for a batch, each `[batch, queries, width]`.
  public func states(images: ImageBatch?, texts: TokenBatch?, task: TaskSpec) -> [Tensor] {
    layers(images: images, texts: texts, task: task).map(\.states)
  }

  /// What the decoder gives after every layer for a batch: as many texts as pictures, or several in
  /// turn for each picture, which is encoded once for them.
  ///
  /// - Parameter known: what frozen encoders gave for the inputs already.
  public func layers(
    images: ImageBatch?, texts: TokenBatch?, known: KnownStates = KnownStates(), task: TaskSpec
  ) -> [DecodedLayer] {
    network.decode(memory(images: images, texts: texts, known: known, task: task), task: task)
  }

  /// What the decoder reads of a batch.
  private func memory(
    images: ImageBatch?, texts: TokenBatch?, known: KnownStates, task: TaskSpec
  ) -> EncodedSequence {
    var image =
      task.inputs.contains(.image)
      ? images.map { network.encodeImages($0, features: known.features, task: task).memory } : nil
    let text =
      task.inputs.contains(.text)
      ? known.text ?? texts.map { network.encodeTexts($0, task: task) } : nil
    if let text, let seen = image {
      image = seen.repeated(text.states.shape[0] / seen.states.shape[0])
    }
    return network.memory(image: image, text: text, task: task)
  }

  /// The loss of a batch, inside `withGradients`.
  ///
  /// - Parameter known: what frozen encoders gave for the inputs already.
  /// - Throws: `TargetError` when the targets are not of the kind that the task learns from.
  public func loss(
    images: ImageBatch?, texts: TokenBatch?, known: KnownStates = KnownStates(), targets: Targets,
    task: TaskSpec
  ) throws -> [LossTerm] {
    try training(images: images, texts: texts, known: known, targets: targets, task: task).terms
  }

  /// The loss of a batch and figures that tell how a training is, inside `withGradients`.
  ///
  /// Where the task has several groups of queries, a term is their mean.
  ///
  /// - Throws: as `loss`.
  public func training(
    images: ImageBatch?, texts: TokenBatch?, known: KnownStates = KnownStates(), targets: Targets,
    task: TaskSpec
  ) throws -> (terms: [LossTerm], diagnostics: [(name: String, value: Float)]) {
    guard let head = heads[task.name] else {
      preconditionFailure("the task \(task.name) is not in the configuration")
    }
    let noised = head.noised(targets, key: nextTrainingKey)
    let layers = network.decode(
      memory(images: images, texts: texts, known: known, task: task), task: task, noised: noised)
    var terms = try layers.groups.map { try head.loss($0, targets: targets) }.mean
    if let noised, let restored = layers.restored {
      terms += head.restorationLoss(restored, of: noised, targets: targets)
    }
    let last = layers.own[layers.own.count - 1]
    return (terms, head.diagnostics(last.detached, targets: targets))
  }

  /// The answers to a batch.
  public func answers(
    images: ImageBatch?, texts: TokenBatch?, task: TaskSpec, request: AnswerRequest
  ) -> [HeadAnswer] {
    guard let head = heads[task.name] else {
      preconditionFailure("the task \(task.name) is not in the configuration")
    }
    let layers = layers(images: images, texts: texts, task: task)
    return stage(.head) { head.answers(layers[layers.count - 1], request: request) }
  }

  /// Tokens of texts (or pairs of texts), padded to the longest, cut to the task's limit.
  public func tokens(_ texts: [(first: String, second: String?)], task: TaskSpec) -> TokenBatch {
    batch(of: sequences(texts, task: task))
  }

  /// Tokens of texts (or pairs of texts), cut to the task's limit.
  public func sequences(
    _ texts: [(first: String, second: String?)], task: TaskSpec
  ) -> [TokenSequence] {
    let (wordPiece, text) = reading
    let limit = task.maximumTokens ?? text.positions
    return texts.map { wordPiece.encode($0.first, pair: $0.second, maximumLength: limit) }
  }

  /// Token sequences padded to the longest.
  public func batch(of sequences: [TokenSequence]) -> TokenBatch {
    TokenBatch(sequences, paddingID: reading.wordPiece.vocabulary.paddingID)
  }

  /// What a model that reads texts has for them.
  private var reading: (wordPiece: WordPiece, text: TextConfiguration) {
    guard let wordPiece, let text = configuration.text else {
      preconditionFailure("the model has no text encoder")
    }
    return (wordPiece, text)
  }
}

/// What encoders that are not trained gave for a batch's inputs: computed once, used in every epoch.
public struct KnownStates: Sendable {
  /// The convolutional network's features, `[batch, height, width, channels]`.
  public var features: Tensor?
  /// The text encoder's states.
  public var text: EncodedSequence?

  /// What is known of a batch.
  public init(features: Tensor? = nil, text: EncodedSequence? = nil) {
    self.features = features
    self.text = text
  }
}
