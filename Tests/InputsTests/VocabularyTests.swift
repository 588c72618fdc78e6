import Foundation
import Inputs
import Testing

@Suite struct VocabularyTests {
  private func vocabulary(_ bytes: [UInt8]) throws -> Result<Vocabulary, VocabularyError> {
    try PictureFixtures.withFolder { folder in
      let path = folder + "/vocab.txt"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do throws(VocabularyError) {
        return .success(try Vocabulary(contentsOf: path))
      } catch {
        return .failure(error)
      }
    }
  }

  private let head = Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n".utf8)

  @Test func lineEndsOfEveryKind() throws {
    let text = "[PAD]\r\n[UNK]\n[CLS]\r[SEP]\n\nword"
    let read = try vocabulary(Array(text.utf8)).get()
    #expect(read.tokens == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "", "word"])
    #expect(read["word"] == 5)
    #expect(read["none"] == nil)
    #expect(read.paddingID == 0)
  }

  @Test func spellingsOfOneLetterAreApart() throws {
    let read = try vocabulary(head + Array("\u{e9}\ne\u{301}\n".utf8)).get()
    #expect(read["\u{e9}"] == 4)
    #expect(read["e\u{301}"] == 5)
  }

  @Test func ofEqualEntriesTheLastCounts() throws {
    let read = try vocabulary(head + Array("a\nb\na\n".utf8)).get()
    #expect(read.count == 7)
    #expect(read["a"] == 6)
  }

  @Test func errorsNameTheLineAndTheToken() throws {
    guard case .failure(let error) = try vocabulary(head + [0x61, 0x0a, 0xff, 0x0a]) else {
      Issue.record("bytes that are not UTF-8 were read")
      return
    }
    #expect(
      error.description.hasSuffix(
        "vocab.txt, line 6: expected UTF-8 text, found other bytes; save the file as UTF-8"))
    guard case .failure(.missingToken(_, "[CLS]")) = try vocabulary(Array("[PAD]\n[UNK]\n".utf8))
    else {
      Issue.record("a vocabulary without [CLS] was read")
      return
    }
    #expect(throws: VocabularyError.unreadable(file: "/none", reason: "there is no such file")) {
      try Vocabulary(contentsOf: "/none")
    }
    #expect(throws: VocabularyError.unreadable(file: "/", reason: "it is a directory")) {
      try Vocabulary(contentsOf: "/")
    }
  }

  @Test func tooManyLines() throws {
    let many = head + [UInt8](repeating: 0x0a, count: Vocabulary.maximumCount)
    guard case .failure(.tooLarge) = try vocabulary(many) else {
      Issue.record("more lines than the limit were read")
      return
    }
  }
}
