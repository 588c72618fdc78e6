import Layers
import Tensors

/// One layer of a Vision Transformer: attention and a two-layer network with GELU, each with a
/// layer normalisation before it and a residual around it (Dosovitskiy et al., 2021).
struct ViTLayer: Sendable {
  private let attentionNorm: LayerNorm
  private let query: Linear
  private let key: Linear
  private let value: Linear
  private let attentionOutput: Linear
  private let feedforwardNorm: LayerNorm
  private let intermediate: Linear
  private let output: Linear
  private let shape: TransformerShape

  /// A layer with the parameter names of transformers' `ViltLayer`.
  init(_ shape: TransformerShape, epsilon: Float, in scope: Scope) throws {
    self.shape = shape
    let width = shape.width
    let attention = scope["attention.attention"]
    query = try Linear(width, width, in: attention["query"])
    key = try Linear(width, width, in: attention["key"])
    value = try Linear(width, width, in: attention["value"])
    attentionOutput = try Linear(width, width, in: scope["attention.output.dense"])
    intermediate = try Linear(width, shape.feedforward, in: scope["intermediate.dense"])
    output = try Linear(shape.feedforward, width, in: scope["output.dense"])
    attentionNorm = try LayerNorm(width, epsilon: epsilon, in: scope["layernorm_before"])
    feedforwardNorm = try LayerNorm(width, epsilon: epsilon, in: scope["layernorm_after"])
  }

  /// One step of encoding.
  ///
  /// - Parameters:
  ///   - x: `[batch, tokens, width]`
  ///   - padding: `batch * tokens` flags, true where a token is valid; nil when all are.
  ///   - rows: how many of the first tokens the result is wanted for; nil for all.
  func callAsFunction(_ x: Tensor, padding: [Bool]?, rows: Int? = nil) -> Tensor {
    let normalized = attentionNorm(x)
    let mixed = attention(
      query: query(normalized.leadingTokens(rows)), key: key(normalized), value: value(normalized),
      heads: shape.heads, keyPadding: padding, dropout: shape.dropout)
    let attended = x.leadingTokens(rows) + attentionOutput(mixed).dropout(shape.dropout)
    let hidden = intermediate(feedforwardNorm(attended), activation: .gelu)
    return attended + output(hidden).dropout(shape.dropout)
  }
}
