import Checkpoints
import Foundation
import Heads
import Inputs
import Models
import Support
import Tensors
import Testing

/// A folder as transformers and sentence-transformers write it, with the weights of the goldens.
private struct SentenceFolder {
  private let folder: TemporaryFolder
  private let golden: Golden

  var path: String { folder.path }

  init() throws {
    golden = try Golden("Pretrained/bert.safetensors")
    folder = try TemporaryFolder()
    let pieces =
      ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + (0..<35).map { "w\($0)" }
    try write("vocab.txt", pieces.joined(separator: "\n") + "\n")
    try write(
      "config.json",
      """
      {"model_type": "bert", "hidden_act": "gelu", "vocab_size": 40, "hidden_size": 32, \
      "num_attention_heads": 4, "intermediate_size": 48, "num_hidden_layers": 2, \
      "max_position_embeddings": 16, "type_vocab_size": 2, "layer_norm_eps": 1e-7, \
      "hidden_dropout_prob": 0.1}
      """)
    try weights()
  }

  /// Writes the weights under other names; nil leaves one out.
  func weights(
    and more: [(name: String, tensor: Tensor)] = [], naming name: (String) -> String? = { $0 }
  ) throws {
    let tensors = golden.tensors(under: "parameters/").compactMap { original, tensor in
      name(original).map { (name: $0, tensor: tensor) }
    }
    try writeSafetensors(tensors + more, to: path + "/model.safetensors")
  }

  func write(_ name: String, _ text: String) throws {
    let parent = (name as NSString).deletingLastPathComponent
    if !parent.isEmpty { try folder.folder(parent) }
    try folder.file(name, text)
  }

  var model: BERTModel {
    get throws { try #require(try ModelDirectory.open(path) as? BERTModel) }
  }
}

private func text(_ ids: Range<Int>) -> String { ids.map { "w\($0)" }.joined(separator: " ") }

@Suite struct BERTFamilyTests {
  @Test func allSpellingsOfTheNamesGiveTheSameBits() throws {
    let folder = try SentenceFolder()
    let plain = try folder.model.parameters.map { $0.value.elements }
    #expect(try folder.model.parameters.contains { $0.name == "pooler.dense.bias" })
    try folder.weights(
      and: [
        ("bert.embeddings.position_ids", Tensor([0, 1], shape: [1, 2])),
        ("cls.predictions.bias", .zeros([40])), ("cls.seq_relationship.bias", .zeros([2])),
      ]
    ) { name in
      let name = name.replacing("LayerNorm.weight", with: "LayerNorm.gamma")
      return "bert." + name.replacing("LayerNorm.bias", with: "LayerNorm.beta")
    }
    #expect(try folder.model.parameters.map { $0.value.elements } == plain)
    try folder.weights { $0.hasPrefix("pooler.") ? nil : $0 }
    #expect(try !folder.model.configuration.hasPooler)
    #expect(try folder.model.parameters.count == plain.count - 2)
  }

  @Test func similarityIsTheCosineOfTheVectors() throws {
    let folder = try SentenceFolder()
    let model = try folder.model
    let task = model.tasks[0]
    let texts = [text(0..<5), text(9..<12)]
    let vectors = try model.embeddings(texts, task: task)
    #expect(vectors.shape == [2, 32])
    let (first, second) = (vectors.elements[..<32], vectors.elements[32...])
    expectClose(first.reduce(0) { $0 + $1 * $1 }, 1, absolute: 1e-5)
    let answers = try model.read(texts[0], texts[1])
    #expect(answers.map(\.answer) == ["similarity"])
    let cosine = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    expectClose(answers[0].score, cosine, absolute: 1e-5)
    expectClose(try model.read(texts[0], texts[0])[0].score, 1, absolute: 1e-5)
    let error = #expect(throws: AnsweringError.self) { try model.read(texts[0]) }
    #expect(error == .needsSecond(task: "similarity"))
    #expect(throws: AnsweringError.self) {
      try model.classify(Image(width: 2, height: 2, filledWith: (0, 0, 0)))
    }
  }

  @Test func sentenceTransformersFilesAreRespected() throws {
    let folder = try SentenceFolder()
    try folder.write(
      "1_Pooling/config.json",
      #"{"word_embedding_dimension": 32, "pooling_mode_cls_token": true, "#
        + #""pooling_mode_mean_tokens": false}"#)
    try folder.write(
      "modules.json",
      #"[{"type": "sentence_transformers.models.Transformer"}, "#
        + #"{"type": "sentence_transformers.models.Pooling"}]"#)
    try folder.write("sentence_bert_config.json", #"{"max_seq_length": 6}"#)
    try folder.write("tokenizer_config.json", #"{"do_lower_case": false}"#)
    let configuration = try folder.model.configuration
    #expect(configuration.pooling == .cls)
    #expect(!configuration.normalizes)
    #expect(configuration.tasks[0].maximumTokens == 6)
    #expect(!configuration.text.lowercases)
    for (name, content, word) in [
      ("1_Pooling/config.json", #"{"pooling_mode_weightedmean_tokens": true}"#, "weightedmean"),
      ("1_Pooling/config.json", #"{"pooling_mode_cls_token": false}"#, "none"),
      ("modules.json", #"[{"type": "sentence_transformers.models.Dense"}]"#, "Dense"),
      ("modules.json", "{}", "modules.json"),
      ("tokenizer_config.json", #"{"strip_accents": true, "do_lower_case": false}"#, "accents"),
    ] {
      let before = try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
      try folder.write(name, content)
      let error = #expect(throws: ConfigurationError.self) { try folder.model }
      #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
      try folder.write(name, before)
    }
  }

  @Test func bothLayoutsKeepTheModel() throws {
    let folder = try SentenceFolder()
    try folder.write("sentence_bert_config.json", #"{"max_seq_length": 9}"#)
    let model = try folder.model
    let copy = folder.path + "/copy"
    for layout in ModelLayout.allCases {
      try model.files(layout).write(to: copy)
      let again = try #require(try ModelDirectory.open(copy) as? BERTModel)
      #expect(again.configuration == model.configuration, "\(layout)")
      #expect(
        again.parameters.map { $0.value.elements } == model.parameters.map { $0.value.elements })
      #expect(again.wordPiece?.ids("w3 w4") == model.wordPiece?.ids("w3 w4"))
      try FileManager.default.removeItem(atPath: copy)
    }
  }

  @Test(arguments: [
    ("hidden_act", #""relu""#, "hidden_act"), ("num_attention_heads", "5", "heads"),
    ("vocab_size", "41", "vocab_size"), ("layer_norm_eps", "0", "layer_norm_epsilon"),
  ])
  func impossibleConfigurationsAreRefused(key: String, value: String, word: String) throws {
    let folder = try SentenceFolder()
    let file = folder.path + "/config.json"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let changed = try text.replacing(Regex("\"\(key)\": [^,}]+"), with: "\"\(key)\": \(value)")
    #expect(changed != text)
    try folder.write("config.json", changed)
    let error = #expect(throws: ConfigurationError.self) { try folder.model }
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
  }
}
