import Foundation

/// Cuts text into words and punctuation marks, BERT's first step.
///
/// Control characters go, ideographs and punctuation stand alone, and where `lowercases` is set,
/// letters become lower-case and lose their accents (canonical decomposition without category Mn).
/// Source: BasicTokenizer of google-research/bert, as Hugging Face's `BertTokenizer` runs it.
struct BasicTokenizer: Sendable {
  let lowercases: Bool

  /// The words of `text` in order. Takes time in proportion to the length of the text.
  func words(in text: Substring.UnicodeScalarView) -> [[Unicode.Scalar]] {
    var words: [[Unicode.Scalar]] = []
    var word: [Unicode.Scalar] = []
    func endWord() {
      if !word.isEmpty { words.append(word) }
      word.removeAll(keepingCapacity: true)
    }
    for scalar in cleaned(text) {
      if scalar.isBERTWhitespace {
        endWord()
      } else if scalar.isBERTPunctuation {
        endWord()
        words.append([scalar])
      } else {
        word.append(scalar)
      }
    }
    endWord()
    return words
  }

  /// The text without control characters, with spaces around ideographs, in its normal form.
  private func cleaned(_ text: Substring.UnicodeScalarView) -> String.UnicodeScalarView {
    var result = String.UnicodeScalarView()
    var isASCII = true
    for scalar in text {
      if scalar.value < 0x80 {
        append(scalar, to: &result)
        continue
      }
      isASCII = false
      guard lowercases else {
        append(scalar, to: &result)
        continue
      }
      // A final sigma is like any other: the reference lowers one character at a time.
      for scalar in scalar.properties.lowercaseMapping.unicodeScalars {
        append(scalar, to: &result)
      }
    }
    if isASCII { return result }
    // With accents stripped, composing first changes nothing: the decomposition undoes it.
    return lowercases
      ? stripped(result) : String(result).precomposedStringWithCanonicalMapping.unicodeScalars
  }

  private func append(_ scalar: Unicode.Scalar, to result: inout String.UnicodeScalarView) {
    if scalar.value == 0 || scalar.value == 0xfffd || scalar.isBERTControl { return }
    if scalar.isIdeograph {
      result.append(" ")
      result.append(scalar)
      result.append(" ")
    } else if lowercases, (0x41...0x5a).contains(scalar.value) {
      result.append(Unicode.Scalar(UInt8(scalar.value + 0x20)))
    } else {
      result.append(scalar)
    }
  }

  /// Character by character, so that a long run of accents costs no sorting.
  private func stripped(_ text: String.UnicodeScalarView) -> String.UnicodeScalarView {
    var result = String.UnicodeScalarView()
    for scalar in text {
      if scalar.value < 0x80 {
        result.append(scalar)
        continue
      }
      for part in String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
      where part.properties.generalCategory != .nonspacingMark {
        result.append(part)
      }
    }
    return result
  }
}
