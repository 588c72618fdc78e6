import Foundation
import Support
import Tensors
import Testing

/// Folders of a ViLT that do not fit together, and those of other ViLTs.
@Suite struct ViLTErrorTests {
  @Test func aVocabularyOfAnotherSize() throws {
    let model = try ViLTFolder()
    try model.replace("[MASK]\n", with: "", in: "vocab.txt")
    expectFailure(
      try model.ask("why?"), 65, saying: "config.json", "'vocab_size' should be 55", "found 56")
  }

  @Test func aMissingWeight() throws {
    let model = try ViLTFolder()
    try model.changeWeights { $0["vilt.encoder.layer.1.layernorm_after.bias"] = nil }
    expectFailure(
      try model.ask("why?"), 65,
      saying: "model.safetensors", "'vilt.encoder.layer.1.layernorm_after.bias' of shape [32]",
      "is missing")
  }

  @Test func aWeightOfAnotherShape() throws {
    let model = try ViLTFolder()
    try model.changeWeights { $0["vilt.embeddings.position_embeddings"] = .zeros([1, 26, 32]) }
    expectFailure(
      try model.ask("why?"), 65, saying: "'vilt.embeddings.position_embeddings'", "[1, 17, 32]",
      "found [1, 26, 32]")
  }

  @Test func aWeightTooMany() throws {
    let model = try ViLTFolder()
    try model.changeWeights { $0["vilt.encoder.layer.2.output.dense.bias"] = .zeros([32]) }
    expectFailure(
      try model.ask("why?"), 65, saying: "no place for 'vilt.encoder.layer.2.output.dense.bias'")
  }

  @Test func fewerNamesThanAnswers() throws {
    let model = try ViLTFolder()
    try model.replace(#","# + "\n    \"11\": \"caf\\u00e9\"", with: "", in: "config.json")
    expectFailure(
      try model.ask("why?"), 65, saying: "'classifier.3.weight'", "[11, 64]", "found [12, 64]")
  }

  @Test func positionsOfOlderFilesAreIgnored() throws {
    let model = try ViLTFolder()
    try model.changeWeights {
      $0["vilt.embeddings.text_embeddings.position_ids"] = .zeros([1, 16])
    }
    #expect(try model.ask("why?").status == 0)
  }

  @Test(arguments: [
    ("mlm_score.bias", [56], "ViltForMaskedLM"),
    ("rank_output.weight", [1, 32], "ViltForImageAndTextRetrieval"),
    ("classifier.weight", [2, 32], "ViltForTokenClassification"),
    ("vilt.other", [1], "found none of them"),
  ])
  func otherHeadsAreRefused(_ name: String, _ shape: [Int], _ words: String) throws {
    let model = try ViLTFolder()
    try model.changeWeights { weights in
      weights = weights.filter { !$0.key.hasPrefix("classifier.") }
      weights[name] = .zeros(shape)
    }
    expectFailure(
      try model.ask("why?"), 65, saying: "model.safetensors", words, "ViltForQuestionAnswering",
      "visual question answering")
  }

  @Test func aClassifierOfTwoPicturesIsRefused() throws {
    let model = try ViLTFolder()
    try model.changeWeights {
      $0["classifier.0.weight"] = .zeros([64, 64])
      $0["vilt.embeddings.token_type_embeddings.weight"] = .zeros([3, 32])
    }
    expectFailure(try model.ask("why?"), 65, saying: "several pictures", "64 numbers of 32")
  }

  @Test(arguments: [
    (#""hidden_act": "gelu""#, #""hidden_act": "relu""#, "'hidden_act' should be 'gelu'"),
    (
      #""max_image_length": -1"#, #""max_image_length": 3"#,
      "'max_image_length' should be -1, all patches of a picture"
    ),
    (#""qkv_bias": true"#, #""qkv_bias": false"#, "'qkv_bias' should be true"),
    (#""num_channels": 3"#, #""num_channels": 1"#, "'num_channels' should be 3"),
    (#""patch_size": 8"#, #""patch_size": 0"#, "'patch_size' should be in 1...1024"),
    (#""patch_size": 8"#, #""patch_size": 64"#, "'image_size' should be in 64...16384"),
    (#""num_attention_heads": 4"#, #""num_attention_heads": 5"#, "a divisor of the hidden_size 32"),
    (#""layer_norm_eps": 1e-12"#, #""layer_norm_eps": -1"#, "'layer_norm_eps' should be in 0...1"),
  ])
  func configurationsThatAreNone(_ entry: String, _ other: String, _ words: String) throws {
    let model = try ViLTFolder()
    try model.replace(entry, with: other, in: "config.json")
    expectFailure(try model.ask("why?"), 65, saying: "config.json", words)
  }

  @Test func aPictureSmallerThanAPatch() throws {
    let model = try ViLTFolder()
    try model.replace(
      #""do_resize": true"#, with: #""do_resize": false"#, in: "preprocessor_config.json")
    let small = Golden.path("Inputs/pictures/orientation-1.png")
    expectFailure(
      try model.ask("why?", picture: small), 65, saying: "at least 8 x 8 pixels", "found 7 x 5")
  }
}
