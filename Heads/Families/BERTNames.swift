import Models
import Tensors

/// BERT's parameter names in the published files, against the canonical ones, which are those of
/// transformers' `BertModel` without a prefix.
enum BERTNames {
  /// The tensors under their canonical names.
  ///
  /// - Throws: `RenameError` when a file holds a parameter under two names.
  static func canonical(_ tensors: [String: Tensor], file: String) throws -> [String: Tensor] {
    try spellings.canonical(prefixes.canonical(tensors, file: file), file: file)
  }

  /// Whether a canonical name takes no part in making states and the pooler's output: the counter
  /// of positions, and the heads of pre-training.
  static func isUnused(_ name: String) -> Bool {
    name == "embeddings.position_ids" || name == "embeddings.token_type_ids"
      || name.hasPrefix("cls.predictions.") || name.hasPrefix("cls.seq_relationship.")
  }

  // Models with a head keep the network below `bert`.
  private static let prefixes = RenameTable("bert.<p...> = <p...>")

  // Files converted from TensorFlow keep its names of the layer normalisations.
  private static let spellings = RenameTable(
    ["embeddings", "encoder.layer.<n>.attention.output", "encoder.layer.<n>.output"]
      .map { place in
        """
        \(place).LayerNorm.gamma = \(place).LayerNorm.weight
        \(place).LayerNorm.beta = \(place).LayerNorm.bias
        """
      }.joined(separator: "\n"))
}
