/// What is wrong with a JSON file, in words a user can act on.
public struct JSONError: Error, Equatable {
  /// The kind of trouble.
  public enum Kind: Sendable, Equatable {
    /// The file cannot be opened or read.
    case cannotRead
    /// The bytes are not JSON as RFC 8259 has it, or beyond this reader's limits.
    case malformed
    /// Valid JSON that says something else than was expected.
    case unexpected
  }

  /// The way from the outermost value to the one in question.
  public enum Step: Sendable, Equatable {
    /// The value of this key of an object.
    case key(String)
    /// The element of an array, counted from 0.
    case index(Int)
  }

  /// The kind of trouble.
  public let kind: Kind
  /// The file, or what stands for one.
  public let file: String
  /// Where in the document, outermost first.
  public private(set) var path: [Step]
  /// Where in the file, in bytes from 0; nil where no place is to blame.
  public let offset: Int?
  /// The line of that byte, from 1.
  public let line: Int?
  /// What should have been there; for `cannotRead` empty.
  public let expected: String
  /// What was there instead; for `cannotRead` the reason.
  public let found: String
  /// What to do next.
  public private(set) var advice: String?

  /// An error about a file as a whole or a value in it.
  public init(
    _ kind: Kind, file: String, path: [Step] = [], offset: Int? = nil, line: Int? = nil,
    expected: String = "", found: String, advice: String? = nil
  ) {
    self.kind = kind
    self.file = file
    self.path = path
    self.offset = offset
    self.line = line
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  /// The same error, seen from one level further out.
  func within(_ step: Step) -> JSONError {
    var error = self
    error.path.insert(step, at: 0)
    return error
  }

  /// The same error with a word on what to do next.
  public func advising(_ advice: String) -> JSONError {
    var error = self
    error.advice = error.advice ?? advice
    return error
  }

  /// The value in question, such as `annotations[12].bbox`; empty for the whole document.
  public var entry: String {
    path.reduce(into: "") { text, step in
      switch step {
      case .index(let index): text += "[\(index)]"
      case .key(let key):
        let isPlain = key.utf8.allSatisfy { isWordByte($0) } && !key.isEmpty
        let shown = key.count > 40 ? key.prefix(40) + "…" : key
        text += isPlain ? (text.isEmpty ? shown : "." + shown) : "[\"\(shown)\"]"
      }
    }
  }
}

extension JSONError: CustomStringConvertible {
  /// The place, what was expected and what was found; the advice on a line of its own.
  public var description: String {
    guard kind != .cannotRead else {
      return "\(file): cannot be read: \(found)" + (advice.map { "\n" + $0 } ?? "")
    }
    var text = file + ":"
    if !path.isEmpty { text += " \(entry)" }
    if let offset {
      text += path.isEmpty ? " byte \(offset)" : ", byte \(offset)"
      if let line { text += " (line \(line))" }
    }
    if text.utf8.count > file.utf8.count + 1 { text += ":" }
    return text + " expected \(expected), found \(found)" + (advice.map { "\n" + $0 } ?? "")
  }
}

private func isWordByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
    true
  default: false
  }
}
