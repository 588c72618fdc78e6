import Inputs
import Layers
import Tensors

/// BERT (Devlin et al., 2019): embeddings of words, positions and segments, and a Transformer
/// encoder over them.
public struct BERT: Sendable {
  private let embeddings: BERTEmbeddings
  private let layers: [BERTLayer]
  private let pooler: Linear?
  private let dropout: Float

  /// A network with Hugging Face's parameter names below `scope`.
  ///
  /// - Parameters:
  ///   - epsilon: added to the variances of the layer normalisations.
  ///   - hasPooler: whether there is a linear layer on the state of the first token.
  public init(
    _ configuration: TextConfiguration, epsilon: Float = 1e-12, hasPooler: Bool = false,
    in scope: Scope
  ) throws {
    let width = configuration.width
    embeddings = try BERTEmbeddings(
      tables: (configuration.vocabulary, configuration.positions, configuration.types),
      width: width, epsilon: epsilon, in: scope["embeddings"])
    layers = try (0..<configuration.layers).map {
      try BERTLayer(configuration.transformer, epsilon: epsilon, in: scope["encoder.layer"][$0])
    }
    pooler = hasPooler ? try Linear(width, width, in: scope["pooler.dense"]) : nil
    dropout = configuration.dropout
  }

  /// What goes into the first layer, `[batch, length, width]`, and the rows of the position table
  /// that are in it, `[1, length, width]`.
  public func embed(_ tokens: TokenBatch) -> (states: Tensor, positions: Tensor) {
    let (states, positions) = embeddings(tokens)
    return (states.dropout(dropout), positions)
  }

  /// The states after the last layer.
  ///
  /// - Parameters:
  ///   - states: `[batch, length, width]`
  ///   - padding: `batch * length` flags, true where a token is valid; nil when all are.
  ///   - rows: how many of the first tokens the result is wanted for, `[batch, rows, width]`; nil
  ///     for all. The last layer computes no others.
  public func encode(_ states: Tensor, padding: [Bool]?, rows: Int? = nil) -> Tensor {
    var x = states
    for layer in layers.dropLast() { x = layer(x, padding: padding) }
    return layers.last.map { $0(x, padding: padding, rows: rows) } ?? x.leadingTokens(rows)
  }

  /// Padded texts to states `[batch, length, width]`, or to those of the first `rows` tokens.
  public func callAsFunction(_ tokens: TokenBatch, rows: Int? = nil) -> Tensor {
    stage(.text) {
      encode(
        embed(tokens).states, padding: tokens.mask.contains(false) ? tokens.mask : nil, rows: rows)
    }
  }

  /// The pooler's view of the first token, `[batch, width]`; nil for a network without one.
  ///
  /// - Parameter states: those after the last layer, of the first token at least,
  ///   `[batch, length, width]`.
  public func pooled(_ states: Tensor) -> Tensor? {
    let first = states.sliced(axis: 1, range: 0..<1)
      .reshaped([states.shape[0], states.shape[2]])
    return stage(.head) { pooler.map { $0(first).tanh() } }
  }
}
