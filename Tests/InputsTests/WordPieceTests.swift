import Foundation
import Inputs
import Support
import Testing

/// Strings and their ids by the reference, made by `Goldens/Inputs/make_tokens.py`.
private struct TokenGoldens: Decodable {
  struct Case: Decodable {
    let text: String
    let ids: [Int]
    let casedIDs: [Int]?

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      text = try values.decode(String.self)
      ids = try values.decode([Int].self)
      casedIDs = values.isAtEnd ? nil : try values.decode([Int].self)
    }
  }

  struct Pair: Decodable {
    let first: String
    let second: String?
    let length: Int
    let ids: [Int]
    let typeIds: [Int]

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      first = try values.decode(String.self)
      second = try values.decodeNil() ? nil : values.decode(String.self)
      length = try values.decode(Int.self)
      ids = try values.decode([Int].self)
      typeIds = try values.decode([Int].self)
    }
  }

  let cases: [Case]
  let pairs: [Pair]

  static func read() throws -> TokenGoldens {
    let data = try Data(contentsOf: URL(fileURLWithPath: Golden.path("Inputs/tokens.json")))
    return try JSONDecoder().decode(TokenGoldens.self, from: data)
  }
}

@Suite struct WordPieceTests {
  private let vocabulary: Vocabulary

  init() throws {
    vocabulary = try Vocabulary(contentsOf: Golden.path("Inputs/vocab.txt"))
  }

  private func wordPiece(_ tokens: [String]) throws -> WordPiece {
    WordPiece(vocabulary: try Vocabulary(tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + tokens))
  }

  @Test func equalsTheReference() throws {
    let goldens = try TokenGoldens.read()
    let lower = WordPiece(vocabulary: vocabulary)
    let cased = WordPiece(vocabulary: vocabulary, lowercases: false)
    #expect(goldens.cases.count >= 2000)
    for golden in goldens.cases {
      #expect(lower.ids(golden.text) == golden.ids, "\(golden.text.debugDescription)")
      if let ids = golden.casedIDs {
        #expect(cased.ids(golden.text) == ids, "cased \(golden.text.debugDescription)")
      }
    }
  }

  @Test func pairsEqualTheReference() throws {
    let wordPiece = WordPiece(vocabulary: vocabulary)
    for golden in try TokenGoldens.read().pairs {
      let sequence = wordPiece.encode(
        golden.first, pair: golden.second, maximumLength: golden.length)
      #expect(sequence == TokenSequence(ids: golden.ids, typeIds: golden.typeIds))
    }
  }

  @Test func cutsIntoLongestPieces() throws {
    let wordPiece = try wordPiece(["un", "una", "##ffa", "##ble", "##b", "what", "'", "s", "?"])
    #expect(
      wordPiece.tokens("What's unaffable?") == ["what", "'", "s", "una", "##ffa", "##ble", "?"])
    #expect(wordPiece.tokens("unaffably") == ["[UNK]"])
    #expect(wordPiece.tokens("") == [])
    #expect(wordPiece.encode("", maximumLength: 8).ids == [2, 3])
  }

  @Test func namesOfSpecialTokensInTheText() throws {
    let plain = WordPiece(
      vocabulary: try Vocabulary(tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[", "]", "sep"]),
      recognizesSpecialTokens: false)
    #expect(plain.tokens("[SEP]") == ["[", "sep", "]"])
    let like = WordPiece(vocabulary: plain.vocabulary)
    #expect(like.tokens("[SEP]") == ["[SEP]"])
  }

  @Test func longQuestionsTakeLinearTime() throws {
    let wordPiece = WordPiece(vocabulary: vocabulary)
    let clock = ContinuousClock()
    for text in [
      String(repeating: "what colour is the shape? ", count: 2000),
      String(repeating: "a", count: 50_000), String(repeating: "\u{315}\u{316}", count: 25_000),
      String(repeating: "日", count: 50_000), String(repeating: "[SEP", count: 12_000),
    ] {
      let time = clock.measure { _ = wordPiece.encode(text, maximumLength: 25) }
      #expect(time < .seconds(5), "\(text.prefix(20)): \(time)")
    }
  }

  @Test func batchesAreFilledUp() throws {
    let wordPiece = try wordPiece(["a", "b", "c"])
    let sequences = [
      wordPiece.encode("a b", maximumLength: 9),
      wordPiece.encode("a", pair: "b c", maximumLength: 9),
    ]
    let batch = TokenBatch(sequences, paddingID: 0)
    #expect(batch.batch == 2)
    #expect(batch.length == 6)
    #expect(batch.ids == [2, 4, 5, 3, 0, 0, 2, 4, 3, 5, 6, 3])
    #expect(batch.typeIds == [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1])
    #expect(batch.mask.map { $0 ? 1 : 0 } == [1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1])
    let fixed = TokenBatch(sequences, length: 8, paddingID: 0)
    #expect(fixed.ids.count == 16)
    #expect(fixed.mask.count { $0 } == 10)
  }
}
