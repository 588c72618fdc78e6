import Checkpoints
import Foundation
import Inputs
import Layers
import Models
import Tensors

/// BERT-base, MiniLM and the like, with the pooling that sentence-transformers stores beside them.
enum BERTFamily {
  /// Opens a folder of this program's layout.
  static func open(_ folder: ModelFolder) throws -> any AnsweringModel {
    let configuration = try folder.strictConfiguration(BERTConfiguration.self)
    try configuration.validate(file: folder.configuration.file)
    let wordPiece = try folder.wordPiece(
      count: configuration.text.vocabulary, key: "text.vocabulary",
      lowercases: configuration.text.lowercases)
    return try BERTModel(configuration, wordPiece: wordPiece, source: folder.parameterSource())
  }

  /// Opens a folder of transformers' layout, with or without sentence-transformers' files.
  static func openHuggingFace(_ folder: ModelFolder) throws -> any AnsweringModel {
    let (tensors, file) = try folder.weights()
    let canonical = try BERTNames.canonical(tensors, file: file)
    let configuration = try configuration(
      folder, hasPooler: canonical["pooler.dense.weight"] != nil)
    try configuration.validate(file: folder.configuration.file)
    let wordPiece = try folder.wordPiece(
      count: configuration.text.vocabulary, key: "vocab_size",
      lowercases: configuration.text.lowercases)
    return try BERTModel(
      configuration, wordPiece: wordPiece,
      source: folder.parameterSource(canonical, file: file))
  }

  private static func configuration(
    _ folder: ModelFolder, hasPooler: Bool
  ) throws -> BERTConfiguration {
    let json = folder.configuration
    try json.require("hidden_act", "gelu")
    try json.require("position_embedding_type", "absolute")
    let positions = try json.int("max_position_embeddings", 512, in: 3...65_536)
    let sentences = try SentenceFiles(folder)
    return BERTConfiguration(
      text: TextConfiguration(
        vocabulary: try json.int("vocab_size", 30_522), width: try json.int("hidden_size", 768),
        heads: try json.int("num_attention_heads", 12),
        feedforward: try json.int("intermediate_size", 3072),
        layers: try json.int("num_hidden_layers", 12), positions: positions,
        types: try json.int("type_vocab_size", 2),
        dropout: try json.float("hidden_dropout_prob", 0.1), lowercases: sentences.lowercases,
        taskEmbeddings: 0),
      epsilon: try json.float("layer_norm_eps", 1e-12), hasPooler: hasPooler,
      pooling: sentences.pooling, normalizes: sentences.normalizes,
      maximumTokens: sentences.maximumTokens.map { min($0, positions) })
  }

  /// The files of a folder in one of the layouts.
  static func files(
    of model: BERTModel, _ wordPiece: WordPiece, _ layout: ModelLayout
  ) throws -> ModelFiles {
    typealias FileName = ModelDirectory.FileName
    let vocabulary = (FileName.vocabulary, wordPiece.vocabulary.fileText)
    let tensors = model.parameters.map { (name: $0.name, tensor: $0.value) }
    switch layout {
    case .unit:
      return ModelFiles(
        texts: [(FileName.configuration, try configurationText(model.configuration)), vocabulary],
        tensors: tensors)
    case .huggingFace:
      return ModelFiles(
        texts: [
          (FileName.configuration, try configurationText(huggingFace(model.configuration))),
          vocabulary,
        ] + (try SentenceFiles.texts(model.configuration)),
        tensors: tensors, metadata: ["format": "pt"])
    }
  }

  /// The configuration as transformers writes it.
  private static func huggingFace(_ configuration: BERTConfiguration) -> HuggingFaceEntries {
    let text = configuration.text
    return HuggingFaceEntries([
      "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu",
      "vocab_size": text.vocabulary, "hidden_size": text.width, "num_attention_heads": text.heads,
      "intermediate_size": text.feedforward, "num_hidden_layers": text.layers,
      "max_position_embeddings": text.positions, "type_vocab_size": text.types,
      "hidden_dropout_prob": text.dropout, "layer_norm_eps": configuration.epsilon,
    ])
  }
}
