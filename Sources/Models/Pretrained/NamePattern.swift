/// A pattern of dotted parameter names, such as `encoder.layers.<n>.fc1.<p>`.
///
/// `<x>` stands for the characters up to the next dot, `<x+1>` for the number that follows that of
/// `x`, and `<x...>` at the end for all that is left, dots included.
struct NamePattern: Sendable {
  private enum Piece: Equatable {
    case literal(String)
    case word(String, shift: Int)
    case rest(String)
  }

  private let pieces: [Piece]
  /// The pattern as it was written.
  let text: String

  /// Reads a pattern; tables are part of the program, so a wrong one is a programming error.
  init(_ text: Substring) {
    self.text = String(text)
    var pieces: [Piece] = []
    var remaining = text
    while let open = remaining.firstIndex(of: "<") {
      if open > remaining.startIndex { pieces.append(.literal(String(remaining[..<open]))) }
      guard let close = remaining[open...].firstIndex(of: ">") else {
        preconditionFailure("the pattern '\(text)' opens a placeholder and does not close it")
      }
      let name = remaining[remaining.index(after: open)..<close]
      if name.hasSuffix("...") {
        pieces.append(.rest(String(name.dropLast(3))))
      } else if let plus = name.firstIndex(of: "+") {
        let shift = Int(name[name.index(after: plus)...])
        precondition(shift != nil, "the pattern '\(text)' adds something that is no number")
        pieces.append(.word(String(name[..<plus]), shift: shift ?? 0))
      } else {
        pieces.append(.word(String(name), shift: 0))
      }
      remaining = remaining[remaining.index(after: close)...]
    }
    if !remaining.isEmpty { pieces.append(.literal(String(remaining))) }
    self.pieces = pieces
  }

  /// What the placeholders stand for in `name`, or nil where it does not fit.
  func match(_ name: String) -> [String: String]? {
    var captures: [String: String] = [:]
    // Bytes, because whole tables are tried on thousands of names at every start.
    var remaining = name.utf8[...]
    for piece in pieces {
      switch piece {
      case .literal(let literal):
        guard remaining.starts(with: literal.utf8) else { return nil }
        remaining = remaining.dropFirst(literal.utf8.count)
      case .word(let key, let shift):
        let bytes = remaining.prefix { $0 != UInt8(ascii: ".") }
        var word = String(Substring(bytes))
        remaining = remaining.dropFirst(bytes.count)
        if shift != 0 {
          guard let number = Int(word), number >= shift else { return nil }
          word = String(number - shift)
        }
        guard !word.isEmpty, captures[key] == nil || captures[key] == word else { return nil }
        captures[key] = word
      case .rest(let key):
        guard !remaining.isEmpty else { return nil }
        captures[key] = String(Substring(remaining))
        remaining = remaining.suffix(0)
      }
    }
    return remaining.isEmpty ? captures : nil
  }

  /// The name with the placeholders filled in; nil where a number is needed and there is none.
  func filled(_ captures: [String: String]) -> String? {
    var name = ""
    for piece in pieces {
      switch piece {
      case .literal(let literal): name += literal
      case .rest(let key):
        guard let value = captures[key] else { return nil }
        name += value
      case .word(let key, let shift):
        guard let value = captures[key] else { return nil }
        if shift == 0 {
          name += value
        } else {
          guard let number = Int(value) else { return nil }
          name += String(number + shift)
        }
      }
    }
    return name
  }
}
