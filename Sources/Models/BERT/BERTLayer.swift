import Layers
import Tensors

/// One layer of BERT's encoder: attention and a two-layer network with GELU, each followed by a
/// residual and a layer normalisation (Devlin et al., 2019).
struct BERTLayer: Sendable {
  private let query: Linear
  private let key: Linear
  private let value: Linear
  private let attentionOutput: Linear
  private let attentionNorm: LayerNorm
  private let intermediate: Linear
  private let output: Linear
  private let outputNorm: LayerNorm
  private let shape: TransformerShape

  init(_ shape: TransformerShape, epsilon: Float = 1e-12, in scope: Scope) throws {
    func dense(_ inputs: Int, _ outputs: Int, _ name: String) throws -> Linear {
      try Linear(inputs, outputs, in: scope[name])
    }
    self.shape = shape
    let width = shape.width
    query = try dense(width, width, "attention.self.query")
    key = try dense(width, width, "attention.self.key")
    value = try dense(width, width, "attention.self.value")
    attentionOutput = try dense(width, width, "attention.output.dense")
    attentionNorm = try LayerNorm(width, epsilon: epsilon, in: scope["attention.output.LayerNorm"])
    intermediate = try dense(width, shape.feedforward, "intermediate.dense")
    output = try dense(shape.feedforward, width, "output.dense")
    outputNorm = try LayerNorm(width, epsilon: epsilon, in: scope["output.LayerNorm"])
  }

  /// One step of encoding.
  ///
  /// - Parameters:
  ///   - x: `[batch, tokens, width]`
  ///   - padding: `batch * tokens` flags, true where a token is valid; nil when all are.
  ///   - rows: how many of the first tokens the result is wanted for; nil for all.
  func callAsFunction(_ x: Tensor, padding: [Bool]?, rows: Int? = nil) -> Tensor {
    let first = x.leadingTokens(rows)
    let mixed = attention(
      query: query(first), key: key(x), value: value(x), heads: shape.heads, keyPadding: padding,
      dropout: shape.dropout)
    let attended = attentionNorm(first, plus: attentionOutput(mixed).dropout(shape.dropout))
    let hidden = intermediate(attended, activation: .gelu)
    return outputNorm(attended, plus: output(hidden).dropout(shape.dropout))
  }
}
