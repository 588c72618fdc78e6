import Checkpoints
import Foundation
import Heads
import Inputs
import Models
import Support
import Tensors
import Testing

/// Models with the weights that were published, against the reference implementations.
@Suite(RealWeights.needed) struct RealWeightsTests {
  private static func golden<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value
  {
    let file = Golden.path("Pretrained/\(name)")
    return try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: file)))
  }

  private struct Classes: Decodable {
    struct Photo: Decodable {
      let rows: [Int]
      let scores: [Float]
    }
    let weights: String
    let photos: [String: Photo]
  }

  @Test func efficientNetLite0FindsTheReferencesClassesInPhotographs() throws {
    let expected = try Self.golden("real_classes.json", as: Classes.self)
    let model = try FamilyRegistry.open(openCheckpoint(RealWeights.path(expected.weights)))
    #expect(model.family == "efficientnet")
    #expect(model.parameterCount == 4_694_024)
    #expect(expected.photos.count == 9)
    for (name, photo) in expected.photos.sorted(by: { $0.key < $1.key }) {
      let image = try Image(contentsOf: RealWeights.path("photos/\(name)"))
      let found = try model.classify(image).prefix(5)
      #expect(found.map(\.answer) == photo.rows.map { ImageNetClasses.names[$0] }, "\(name)")
      let differences = zip(found, photo.scores).map { abs($0.score - $1) }
      #expect(differences.max()! <= 1e-5, "\(name): \(differences)")
    }
  }

  private struct Sentences: Decodable {
    struct Pair: Decodable {
      let first, second: String
      let cosine: Float
    }
    struct Text: Decodable {
      let text: String
      let ids: [Int]
    }
    let pairs: [Pair]
    let tokens: [Text]
  }

  private static func sentences() throws -> (model: BERTModel, expected: Sentences) {
    let model = try ModelDirectory.open(RealWeights.path("all-MiniLM-L6-v2"))
    return (
      try #require(model as? BERTModel), try golden("real_sentences.json", as: Sentences.self)
    )
  }

  @Test func miniLMsSimilaritiesEqualTheReference() throws {
    let (model, expected) = try Self.sentences()
    #expect(model.configuration.pooling == .mean && model.configuration.normalizes)
    #expect(model.tasks[0].maximumTokens == 256)
    #expect(expected.pairs.count == 10)
    for pair in expected.pairs {
      let found = try model.read(pair.first, pair.second)[0].score
      expectClose(found, pair.cosine, absolute: 1e-4, relative: 0, pair.first)
    }
  }

  @Test func miniLMsStatesEqualTheReference() throws {
    let model = try Self.sentences().model
    let golden = try Golden("Pretrained/real_states.safetensors")
    let shape = golden["input_ids"].shape
    let mask = golden.booleans("attention_mask")
    let tokens = TokenBatch(
      ids: golden.integers("input_ids"), typeIds: golden.integers("token_type_ids"), mask: mask,
      batch: shape[0], length: shape[1])
    #expect(mask.contains(false))
    let valid = Tensor(mask.map { $0 ? 1 : 0 }, shape: shape + [1])
    for (name, tensor) in try model.forward(images: nil, texts: tokens, task: model.tasks[0]) {
      let isState = name == "last_hidden_state"
      let (found, expected) =
        isState ? (tensor * valid, golden[name] * valid) : (tensor, golden[name])
      expectClose(found, expected, absolute: 1e-4, relative: 0, name)
    }
  }

  @Test func wordPiecesOfTheRealVocabularyEqualTheReference() throws {
    let (model, expected) = try Self.sentences()
    let tokenizer = try #require(model.wordPiece)
    #expect(tokenizer.vocabulary.count == 30_522)
    #expect(expected.tokens.count == 400)
    for entry in expected.tokens {
      #expect(
        tokenizer.encode(entry.text, pair: nil, maximumLength: 512).ids == entry.ids,
        "\(entry.text)")
    }
  }
}
