import Inputs
import Layers
import Tensors

/// ViLT for visual question answering (Kim, Son, Kim, ViLT: Vision-and-Language Transformer Without
/// Convolution or Region Supervision, 2021), as transformers' `ViltForQuestionAnswering` has it.
///
/// The tokens of the question and of the picture stand in one sequence, which one Transformer
/// reads; a classifier on the first token's state scores a list of answers.
public struct ViLT: Sendable {
  /// Every dimension and the list of answers.
  public let configuration: ViLTConfiguration
  private let words: BERTEmbeddings
  private let patches: PatchEmbeddings
  private let modalities: Embedding
  private let layers: [ViTLayer]
  private let norm: LayerNorm
  private let pooler: Linear
  private let classifierHidden: Linear
  private let classifierNorm: LayerNorm
  private let classifierOutput: Linear

  /// A network with transformers' parameter names; `scope` is the root.
  public init(_ configuration: ViLTConfiguration, in scope: Scope) throws {
    self.configuration = configuration
    let (transformer, text) = (configuration.transformer, configuration.text)
    let (width, epsilon) = (transformer.width, transformer.epsilon)
    let base = scope["vilt"]
    let embeddings = base["embeddings"]
    patches = try PatchEmbeddings(configuration.image, width: width, in: embeddings)
    words = try BERTEmbeddings(
      tables: (text.vocabulary, text.positions, text.types), width: width,
      epsilon: epsilon, in: embeddings["text_embeddings"])
    modalities = try Embedding(
      rows: configuration.image.modalities, width: width,
      initializer: .normal(standardDeviation: 0.02), in: embeddings["token_type_embeddings"])
    layers = try (0..<transformer.layers).map {
      try ViTLayer(transformer.shape, epsilon: epsilon, in: base["encoder.layer"][$0])
    }
    norm = try LayerNorm(width, epsilon: epsilon, in: base["layernorm"])
    pooler = try Linear(width, width, in: base["pooler.dense"])
    let classifier = scope["classifier"]
    classifierHidden = try Linear(width, 2 * width, in: classifier["0"])
    classifierNorm = try LayerNorm(2 * width, in: classifier["1"])
    classifierOutput = try Linear(
      2 * width, configuration.task.labels.count, in: classifier["3"].exact)
  }

  /// Pictures as the Transformer reads them; once for all questions about them.
  public struct Pictures: Sendable {
    /// `[batch, 1 + patches, width]`
    let states: Tensor
    /// `batch * (1 + patches)` flags, false for padding.
    let valid: [Bool]
  }

  /// What the network gives for pictures with their questions.
  public struct Output: Sendable {
    /// States of the question's and then the picture's tokens, `[batch, tokens, width]`; of the
    /// first token alone where no more was wanted.
    public let states: Tensor
    /// What the classifier sees, `[batch, width]`.
    public let pooled: Tensor
    /// Logits, `[batch, answers]`.
    public let logits: Tensor
  }

  /// Turns pictures, at least one patch in height and width, into tokens.
  public func embed(_ images: ImageBatch) -> Pictures {
    stage(.backbone) {
      let (states, valid) = patches(images)
      let dropout = configuration.transformer.dropout
      return Pictures(states: (states + modalities.row(1)).dropout(dropout), valid: valid)
    }
  }

  /// Answers questions, one for each picture.
  ///
  /// - Parameters:
  ///   - pictures: what `embed` gave.
  ///   - texts: the questions, as many as pictures.
  ///   - allStates: whether the last states of all tokens are wanted, not only of the first.
  public func callAsFunction(
    _ pictures: Pictures, _ texts: TokenBatch, allStates: Bool = false
  ) -> Output {
    let batch = pictures.states.shape[0]
    precondition(
      texts.batch == batch, "\(texts.batch) questions about \(batch) pictures")
    let read = stage(.text) {
      (words(texts).states + modalities.row(0)).dropout(configuration.transformer.dropout)
    }
    let seen = pictures.states.shape[1]
    var valid: [Bool] = []
    for item in 0..<batch {
      valid += texts.mask[item * texts.length..<(item + 1) * texts.length]
      valid += pictures.valid[item * seen..<(item + 1) * seen]
    }
    let padding = valid.contains(false) ? valid : nil
    let states = stage(.encoder) {
      var x = concatenated([read, pictures.states], axis: 1)
      for (index, layer) in layers.enumerated() {
        let isLast = index == layers.count - 1
        x = layer(x, padding: padding, rows: isLast && !allStates ? 1 : nil)
      }
      return norm(x)
    }
    return stage(.head) {
      let first = states.sliced(axis: 1, range: 0..<1)
        .reshaped([batch, configuration.transformer.width])
      let pooled = pooler(first).tanh()
      let logits = classifierOutput(classifierNorm(classifierHidden(pooled)).gelu())
      return Output(states: states, pooled: pooled, logits: logits)
    }
  }
}
