/// The ways in which evaluation programs make answers comparable.
///
/// The rules, with their quirks, are those of the VQA challenge's evaluation program
/// (GT-Vision-Lab/VQA, `vqaEval.py`) and of its descendant in MMF (`EvalAIAnswerProcessor`).
/// Text is handled scalar by scalar, as Python does.
public enum AnswerNormalisation {
  /// Line breaks and tabs become blanks, blanks at the ends go.
  public static func trimmed(_ text: String) -> String {
    String(trim(scalars(text).map { $0 == "\n" || $0 == "\t" ? " " : $0 }))
  }

  /// Punctuation goes, or becomes a blank where it stands between two characters; so do points
  /// that no digit follows.
  public static func withoutPunctuation(_ text: String) -> String {
    let input = scalars(text)
    let hasThousands = input.indices.dropFirst().dropLast().contains {
      input[$0] == "," && isDigit(input[$0 - 1]) && isDigit(input[$0 + 1])
    }
    // Whether a mark is removed or replaced is asked of the text as it came.
    var touchesBlank: Set<Unicode.Scalar> = []
    for (left, right) in zip(input, input.dropFirst()) {
      if right == " " { touchesBlank.insert(left) }
      if left == " " { touchesBlank.insert(right) }
    }
    var output: [Unicode.Scalar] = []
    for scalar in input {
      if !punctuation.contains(scalar) {
        output.append(scalar)
      } else if !hasThousands && !touchesBlank.contains(scalar) {
        output.append(" ")
      }
    }
    // The original passes a flag where Python expects a count, and so stops after 32 points.
    var points = 0
    let kept = output.indices.filter { position in
      guard output[position] == ".", points < 32 else { return true }
      if position + 1 < output.count && isDigit(output[position + 1]) { return true }
      points += 1
      return false
    }
    return String(kept.map { output[$0] })
  }

  /// Lower case, number words as digits, no articles, contractions with their apostrophes.
  public static func withDigitsAndWithoutArticles(_ text: String) -> String {
    words(text.lowercased()).map { numberWords[$0] ?? $0 }
      .filter { !["a", "an", "the"].contains($0) }
      .map { contractions[$0] ?? $0 }
      .joined(separator: " ")
  }

  /// The official treatment: punctuation, then digits and articles.
  public static func official(_ text: String) -> String {
    withDigitsAndWithoutArticles(withoutPunctuation(trimmed(text)))
  }

  /// MMF's treatment: before the official one, lower case, commas and question marks gone, and a
  /// blank before `'s`.
  public static func mmf(_ text: String) -> String {
    var output: [Unicode.Scalar] = []
    let input = scalars(text.lowercased()).filter { $0 != "," && $0 != "?" }
    for (position, scalar) in input.enumerated() {
      if scalar == "'" && position + 1 < input.count && input[position + 1] == "s" {
        output.append(" ")
      }
      output.append(scalar)
    }
    return official(String(output))
  }

  private static let punctuation = Set<Unicode.Scalar>(
    [
      ";", "/", "[", "]", "\"", "{", "}", "(", ")", "=", "+", "\\", "_", "-", ">", "<", "@", "`",
      ",", "?", "!",
    ])

  private static let numberWords = [
    "none": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
  ]

  private static func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .decimalNumber
  }

  /// Python counts the separators U+001C ... U+001F as blanks; Unicode does not.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  private static func trim(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return Array(text[first...last])
  }

  private static func words(_ text: String) -> [String] {
    scalars(text).split(whereSeparator: isBlank).map { String(Array($0)) }
  }
}

extension String {
  fileprivate init(_ scalars: [Unicode.Scalar]) {
    self.init(String.UnicodeScalarView(scalars))
  }
}
