import Checkpoints
import Foundation
import Heads
import Inputs
import Models
import Tensors
import Testing

/// Reading with a model that makes vectors of texts.
struct SimilarityTests {
  private let folder: TemporaryFolder
  private let model: String

  init() throws {
    folder = try TemporaryFolder()
    model = folder.path("bert")
    let vocabulary = try Vocabulary(
      tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "cat", "dog"])
    let configuration = BERTConfiguration(
      text: TextConfiguration(
        vocabulary: vocabulary.count, width: 8, heads: 2, feedforward: 16, layers: 1, positions: 9,
        types: 2, dropout: 0, lowercases: true, taskEmbeddings: 0),
      epsilon: 1e-12, hasPooler: true)
    try BERTModel(
      configuration, wordPiece: WordPiece(vocabulary: vocabulary), source: .init(seed: 1)
    )
    .files(.huggingFace).write(to: model)
  }

  private func run(_ arguments: String...) throws -> Execution {
    try unit(raw: (["read"] + arguments + ["--model", model]).map { Array($0.utf8) })
  }

  @Test func twoTextsHaveASimilarity() throws {
    let same = try run("a cat", "A CAT", "--format", "json")
    #expect(same.status == 0, "\(same.errors)")
    let pattern =
      #"^\{"schema":1,"task":"similarity","text":"a cat","second":"A CAT","answers":"#
      + #"\[\{"answer":"similarity","score":(1\.0|0\.99999[0-9]+|1\.00000[0-9]+)\}\]\}\n$"#
    #expect(try same.text.firstMatch(of: Regex(pattern)) != nil, "\(same.text)")
    #expect(try run("a cat", "A CAT").text == "similarity  1.000\n")
  }

  @Test func oneTextHasAVector() throws {
    let run = try run("a dog", "--format", "json")
    let result = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
    let vector = try #require(result["embedding"] as? [Double])
    #expect(vector.count == 8)
    #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    #expect(result["second"] is NSNull)
    let text = try self.run("a dog").text
    #expect(text.split(separator: " ").count == 8)
  }

  @Test func longTextsAreCutWithANote() throws {
    let run = try run("a cat", String(repeating: "dog ", count: 20))
    #expect(run.status == 0)
    #expect(run.errors.contains("reads the first 9"), "\(run.errors)")
  }

  @Test func statesComeUnderTheReferencesNames() throws {
    let inputs = folder.path("in.safetensors")
    let outputs = folder.path("out.safetensors")
    try writeSafetensors(
      [
        ("input_ids", Tensor([2, 5, 6, 3, 2, 7, 3, 0], shape: [2, 4])),
        ("attention_mask", Tensor([1, 1, 1, 1, 1, 1, 1, 0], shape: [2, 4])),
      ], to: inputs)
    let run = try unit(
      "debug", "forward", "--inputs", inputs, "--outputs", outputs, "--model", model)
    #expect(run.status == 0, "\(run.errors)")
    let file = try SafetensorsFile(contentsOf: outputs)
    let shapes = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0.shape) })
    #expect(
      shapes == ["last_hidden_state": [2, 4, 8], "pooler_output": [2, 8], "embedding": [2, 8]])
  }
}
