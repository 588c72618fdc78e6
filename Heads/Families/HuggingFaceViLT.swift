import Inputs
import Models

/// The small files of a ViLT as transformers writes them.
enum HuggingFaceViLT {
  private static let tokenizerFile = "tokenizer_config.json"

  /// Reads the configuration of a folder.
  ///
  /// - Parameter answers: how many answers the weights have.
  /// - Throws: `ConfigurationError`.
  static func configuration(_ folder: ModelFolder, answers: Int) throws -> ViLTConfiguration {
    let json = folder.configuration
    try json.require("hidden_act", "gelu")
    try json.require("position_embedding_type", "absolute")
    if try json.int("num_channels", 3) != 3 { throw json.invalid("num_channels", expected: "3") }
    // With a limit transformers draws patches at random, so that no two answers are the same.
    if try json.int("max_image_length", -1) > 0 {
      throw json.invalid("max_image_length", expected: "-1, all patches of a picture")
    }
    if try !json.bool("qkv_bias", true) { throw json.invalid("qkv_bias", expected: "true") }
    let width = try json.int("hidden_size", 768, in: 1...16_384)
    let heads = try json.int("num_attention_heads", 12, in: 1...256)
    if width % heads != 0 {
      throw json.invalid(
        "num_attention_heads", expected: "a divisor of the hidden_size \(width)",
        found: "\(heads)")
    }
    let epsilon = try json.float("layer_norm_eps", 1e-12)
    if !(0...1).contains(epsilon) { throw json.invalid("layer_norm_eps", expected: "in 0...1") }
    let patch = try json.int("patch_size", 32, in: 1...1024)
    // Answers without a name are called as transformers calls them.
    let labels = try folder.labels(count: answers).enumerated()
      .map { $1.isEmpty ? "LABEL_\($0)" : $1 }
    let tokenizer = try folder.file(tokenizerFile).map { try JSONObject(contentsOf: $0) }
    return ViLTConfiguration(
      transformer: ViLTTransformerConfiguration(
        width: width, heads: heads,
        feedforward: try json.int("intermediate_size", 3072, in: 1...65_536),
        layers: try json.int("num_hidden_layers", 12, in: 0...128),
        dropout: try json.float("hidden_dropout_prob", 0), epsilon: epsilon),
      text: ViLTTextConfiguration(
        vocabulary: try json.int("vocab_size", 30_522, in: 1...2_000_000),
        positions: try json.int("max_position_embeddings", 40, in: 2...65_536),
        types: try json.int("type_vocab_size", 2, in: 1...64),
        lowercases: try tokenizer?.bool("do_lower_case", true) ?? true),
      image: ViLTImageConfiguration(
        side: try json.int("image_size", 384, in: patch...16_384), patch: patch,
        modalities: try json.int("modality_type_vocab_size", 2, in: 2...64)),
      task: .question(answers: labels),
      preprocessing: try folder.preprocessing(standard: .vilt))
  }

  /// The files, without the vocabulary.
  static func texts(_ model: ViLTConfiguration) throws -> [(name: String, bytes: [UInt8])] {
    typealias FileName = ModelDirectory.FileName
    return [
      (FileName.configuration, try configurationText(configuration(model))),
      (FileName.preprocessing, [UInt8](try model.preprocessing.huggingFaceJSON(for: .vilt))),
      (tokenizerFile, try configurationText(tokenizer(model.text))),
    ]
  }

  private static func configuration(_ model: ViLTConfiguration) -> HuggingFaceEntries {
    let (transformer, text, image) = (model.transformer, model.text, model.image)
    let entries: [String: any Encodable] = [
      "architectures": ["ViltForQuestionAnswering"], "model_type": "vilt", "hidden_act": "gelu",
      "hidden_size": transformer.width, "num_attention_heads": transformer.heads,
      "intermediate_size": transformer.feedforward, "num_hidden_layers": transformer.layers,
      "hidden_dropout_prob": transformer.dropout,
      "attention_probs_dropout_prob": transformer.dropout, "layer_norm_eps": transformer.epsilon,
      "vocab_size": text.vocabulary, "max_position_embeddings": text.positions,
      "type_vocab_size": text.types, "modality_type_vocab_size": image.modalities,
      "image_size": image.side, "patch_size": image.patch,
    ]
    return HuggingFaceEntries(
      entries.merging(HuggingFaceEntries.labels(model.task)) { first, _ in first })
  }

  private static func tokenizer(_ text: ViLTTextConfiguration) -> HuggingFaceEntries {
    HuggingFaceEntries([
      "tokenizer_class": "BertTokenizer", "do_lower_case": text.lowercases,
      "model_max_length": text.positions,
    ])
  }
}
