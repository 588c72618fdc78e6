import Inputs
import Layers
import Tensors

/// How BERT turns tokens into vectors: the sum of a word's, a position's and a segment's, then a
/// layer normalisation (Devlin et al., 2019).
struct BERTEmbeddings: Sendable {
  private let words: Embedding
  private let positions: Embedding
  private let types: Embedding
  private let norm: LayerNorm

  /// Embeddings with BERT's parameter names.
  ///
  /// - Parameters:
  ///   - tables: rows of the three tables: word pieces, positions, segment types.
  ///   - width: width of the vectors.
  init(
    tables: (vocabulary: Int, positions: Int, types: Int), width: Int, epsilon: Float = 1e-12,
    in scope: Scope
  ) throws {
    func table(_ rows: Int, _ name: String) throws -> Embedding {
      try Embedding(
        rows: rows, width: width, initializer: .normal(standardDeviation: 0.05), in: scope[name])
    }
    words = try table(tables.vocabulary, "word_embeddings")
    positions = try table(tables.positions, "position_embeddings")
    types = try table(tables.types, "token_type_embeddings")
    norm = try LayerNorm(width, epsilon: epsilon, in: scope["LayerNorm"])
  }

  /// Normalised vectors `[batch, length, width]`, and the rows of the position table that are in
  /// them, `[1, length, width]`.
  func callAsFunction(_ tokens: TokenBatch) -> (states: Tensor, positions: Tensor) {
    let (batch, length) = (tokens.batch, tokens.length)
    let placed = positions(Array(0..<length), shape: [1, length])
    let embedded =
      words(tokens.ids, shape: [batch, length]) + types(tokens.typeIds, shape: [batch, length])
      + placed
    return (norm(embedded), placed)
  }
}
