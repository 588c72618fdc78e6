/// The classes of characters by which BERT's reference cuts text into words.
/// Source: BasicTokenizer in google-research/bert, tokenization.py; categories are those of the
/// Unicode version that Swift's library knows.
extension Unicode.Scalar {
  /// Characters that are taken out: categories Cc, Cf, Cs, Co, Cn, but not tab and line ends.
  var isBERTControl: Bool {
    if value < 0x80 { return (value < 0x20 && !isTabOrLineEnd) || value == 0x7f }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned: return true
    default: return false
    }
  }

  /// Characters between words: category Z and tab and line ends.
  var isBERTWhitespace: Bool {
    if value < 0x80 { return value == 0x20 || isTabOrLineEnd }
    switch properties.generalCategory {
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  /// Characters that are words of their own: category P and every ASCII symbol.
  var isBERTPunctuation: Bool {
    if value < 0x80 {
      switch value {
      case 33...47, 58...64, 91...96, 123...126: return true
      default: return false
      }
    }
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  /// Ideographs, each of which is a word of its own (kana and Hangul are not among them).
  var isIdeograph: Bool {
    switch value {
    case 0x4e00...0x9fff, 0x3400...0x4dbf, 0x20000...0x2a6df, 0x2a700...0x2b73f,
      0x2b740...0x2b81f, 0x2b820...0x2ceaf, 0xf900...0xfaff, 0x2f800...0x2fa1f:
      return true
    default: return false
    }
  }

  private var isTabOrLineEnd: Bool { value == 0x09 || value == 0x0a || value == 0x0d }
}
