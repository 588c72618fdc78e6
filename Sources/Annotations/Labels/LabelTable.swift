import JSONStream

/// The labels of examples, in any of the shapes that classification data come in.
///
/// - JSON: a list of labels, a list of objects, or one object of labels by id;
/// - JSON lines: an object or a label a line;
/// - CSV (RFC 4180) and TSV (as GLUE has it: no quoting) with a header, or a label a line.
///
/// Labels are compared as text; whole numbers are written the same way however they came (`1.0` is
/// `1`).
public struct LabelTable: Sendable, Equatable {
  /// What the labels are, which decides what their column may be called.
  public enum Role: Sendable {
    /// The right labels.
    case truth
    /// What a model said.
    case predictions

    /// The names of a label's column, the surest first.
    public var names: [String] {
      let truth = ["label", "gold_label", "gold", "target", "is_duplicate", "Quality", "class"]
      switch self {
      case .truth: return truth
      case .predictions: return ["prediction", "predicted", "pred", "predicted_label"] + truth
      }
    }
  }

  /// One example.
  public struct Row: Sendable, Equatable {
    /// What the example is called, nil if the file does not say.
    public var id: String?
    /// Its label.
    public var label: String
  }

  /// The names of the column that tells the examples apart, the surest first.
  public static let idNames = ["index", "id", "idx", "pairID", "pair_id", "guid", "uid"]

  /// The examples in the order of the file.
  public internal(set) var rows: [Row] = []
  /// The column that the labels come from, nil if they stand alone.
  public internal(set) var column: String?

  /// Reads a file of labels; its content decides what it is taken for.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - role: what the labels are.
  ///   - column: the name of their column, or its number from 1 in a file without a header; nil for
  ///     the usual names.
  /// - Throws: `JSONError` for JSON, `LabelError` for the others.
  public init(path: String, role: Role, column: String? = nil) throws {
    let file = try JSONFile(path: path)
    let first = file.withBytes { bytes in
      bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    }
    switch first {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      self = try file.read { try LabelTable(from: &$0, role: role, column: column) }
    default:
      let text = file.withBytes { String(validating: $0, as: UTF8.self) }
      guard let text else {
        throw LabelError(
          file: path, expected: "text in UTF-8", found: "other bytes",
          advice: "save the file as UTF-8")
      }
      try self.init(text: text, file: path, role: role, column: column)
    }
    guard !rows.isEmpty else {
      throw LabelError(file: path, expected: "labels", found: "none")
    }
  }

  init() {}

  /// A label or id as it is compared.
  static func canonical(_ text: String) -> String {
    let trimmed = text.trimmed
    guard let first = trimmed.utf8.first,
      first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
      let number = Double(trimmed), let whole = Int(exactly: number), abs(whole) < 1 << 53
    else { return trimmed }
    return "\(whole)"
  }
}

/// What is wrong with a file of labels.
public struct LabelError: Error, Equatable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// The line, from 1; nil for the file as a whole.
  public let line: Int?
  /// What should have been there.
  public let expected: String
  /// What was there instead.
  public let found: String
  /// What to do next.
  public let advice: String?

  init(file: String, line: Int? = nil, expected: String, found: String, advice: String? = nil) {
    self.file = file
    self.line = line
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  /// The place, what was expected and what was found; the advice on a line of its own.
  public var description: String {
    let place = line.map { " line \($0):" } ?? ""
    return "\(file):\(place) expected \(expected), found \(found)"
      + (advice.map { "\n" + $0 } ?? "")
  }
}

extension StringProtocol {
  /// The text without white space at its ends.
  var trimmed: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(self[first..<scalars.index(after: last)])
  }
}
