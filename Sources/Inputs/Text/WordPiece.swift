/// BERT's tokenizer: words are cut into the longest pieces that the vocabulary knows, from the left.
///
/// Gives the tokens of Hugging Face's `BertTokenizer` (the reference's BasicTokenizer followed by
/// its WordpieceTokenizer):
///
///     let wordPiece = WordPiece(vocabulary: vocabulary)
///     wordPiece.tokens("What's unaffable?")  // ["what", "'", "s", "una", "##ffa", "##ble", "?"]
public struct WordPiece: Sendable {
  /// The pieces and their ids.
  public let vocabulary: Vocabulary
  /// Whether letters are made lower-case and lose their accents first.
  public let lowercases: Bool
  /// Whether a special token's name in the text, such as `[MASK]`, stands for the token, as in
  /// Hugging Face's tokenizer; otherwise it is cut like any text, as in the original one.
  public let recognizesSpecialTokens: Bool

  /// Words of more characters than this are `[UNK]`.
  static let longestWord = 100
  private static let specialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

  /// A tokenizer over the given pieces.
  public init(
    vocabulary: Vocabulary, lowercases: Bool = true, recognizesSpecialTokens: Bool = true
  ) {
    self.vocabulary = vocabulary
    self.lowercases = lowercases
    self.recognizesSpecialTokens = recognizesSpecialTokens
  }

  /// The pieces of the text, without `[CLS]` and `[SEP]`.
  public func tokens(_ text: String) -> [String] { ids(text).map { vocabulary.tokens[$0] } }

  /// The ids of the text's pieces, without `[CLS]` and `[SEP]`.
  public func ids(_ text: String) -> [Int] {
    var ids: [Int] = []
    let basic = BasicTokenizer(lowercases: lowercases)
    func appendPlain(_ text: Substring.UnicodeScalarView) {
      for word in basic.words(in: text) { appendPieces(of: word, to: &ids) }
    }
    let scalars = text.unicodeScalars[...]
    var start = scalars.startIndex
    var position = start
    while position < scalars.endIndex {
      if recognizesSpecialTokens, scalars[position] == "[",
        let (id, end) = specialToken(at: position, of: scalars)
      {
        appendPlain(scalars[start..<position])
        ids.append(id)
        start = end
        position = end
      } else {
        position = scalars.index(after: position)
      }
    }
    appendPlain(scalars[start...])
    return ids
  }

  private func specialToken(
    at position: String.Index, of scalars: Substring.UnicodeScalarView
  ) -> (id: Int, end: String.Index)? {
    for token in Self.specialTokens {
      let names = token.unicodeScalars
      guard let id = vocabulary[token], scalars[position...].starts(with: names),
        let end = scalars.index(position, offsetBy: names.count, limitedBy: scalars.endIndex)
      else { continue }
      return (id, end)
    }
    return nil
  }

  /// Longest match first; a word with a rest that matches nothing is `[UNK]` as a whole.
  private func appendPieces(of word: [Unicode.Scalar], to ids: inout [Int]) {
    guard word.count <= Self.longestWord else {
      ids.append(vocabulary.special.unknown)
      return
    }
    var bytes: [UInt8] = []
    var ends = [0]  // where each character begins, and the end
    for scalar in word {
      bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      ends.append(bytes.count)
    }
    let first = ids.count
    var start = 0
    while start < word.count {
      var key: [UInt8] = start == 0 ? [] : [0x23, 0x23]
      let prefix = key.count
      key += bytes[ends[start]..<min(ends[start] + vocabulary.longest, bytes.count)]
      var end = word.count
      while end > start, ends[end] - ends[start] > key.count - prefix { end -= 1 }
      var found: Int?
      while end > start, found == nil {
        key.removeLast(key.count - prefix - (ends[end] - ends[start]))
        found = vocabulary[key]
        if found == nil { end -= 1 }
      }
      guard let found else {
        ids.removeSubrange(first...)
        ids.append(vocabulary.special.unknown)
        return
      }
      ids.append(found)
      start = end
    }
  }
}
