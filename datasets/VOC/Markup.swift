/// An element of an XML document: its name, its text, and the elements in it.
///
/// As much of XML as annotation tools write: elements, text, the five named entities and numbered
/// characters, CDATA, comments, and a declaration. Attributes are checked and passed over. There
/// is no document type and with it no entity of one's own, so that a file cannot make itself large
/// or name other files; elements nest sixteen deep at most.
struct Markup {
  /// The element's name.
  let name: String
  /// The line of the file in which it begins, from 1.
  let line: Int
  /// Its text without that of the elements in it, without white space at its ends.
  private(set) var text = ""
  /// The elements in it, in their order.
  private(set) var children: [Markup] = []

  /// The deepest nesting.
  static let depthLimit = 16

  /// Reads a document.
  ///
  /// - Throws: `MarkupError`.
  init(_ bytes: [UInt8]) throws {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw MarkupError(line: 1, reason: "expected text in UTF-8, found other bytes")
    }
    var scanner = MarkupScanner(bytes)
    self = try scanner.document()
  }

  fileprivate init(name: String, line: Int) {
    self.name = name
    self.line = line
  }

  /// The first element of the name in it.
  subscript(_ name: String) -> Markup? { children.first { $0.name == name } }

  fileprivate mutating func close(_ text: [UInt8]) {
    let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return }
    self.text = String(decoding: text[first...last], as: UTF8.self)
  }

  fileprivate mutating func append(_ child: Markup) { children.append(child) }
}

/// What is wrong with an XML document.
struct MarkupError: Error {
  let line: Int
  let reason: String
}

/// Goes through the bytes of a document once.
private struct MarkupScanner {
  private let bytes: [UInt8]
  private var offset = 0
  private var line = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  mutating func document() throws -> Markup {
    try skipAround()
    guard peek("<") else { throw failure("expected an element in angle brackets") }
    let root = try element(depth: 1)
    try skipAround()
    guard offset == bytes.count else { throw failure("expected nothing after the last tag") }
    return root
  }

  /// Passes over white space, comments and declarations outside of the root.
  private mutating func skipAround() throws {
    while offset < bytes.count {
      if isBlank(bytes[offset]) {
        advance()
      } else if peek("<?") {
        try skip(past: "?>", "a declaration")
      } else if peek("<!--") {
        try skip(past: "-->", "a comment")
      } else if peek("<!") {
        throw failure("document types are not read; remove the line that begins with '<!'")
      } else {
        return
      }
    }
  }

  private mutating func element(depth: Int) throws -> Markup {
    guard depth <= Markup.depthLimit else {
      throw failure("more than \(Markup.depthLimit) levels of elements")
    }
    let start = line
    advance()
    let name = try self.name()
    var element = Markup(name: name, line: start)
    if try skipAttributes(of: name) { return element }
    var text: [UInt8] = []
    while offset < bytes.count {
      if peek("</") {
        advance(2)
        let closing = try self.name()
        guard closing == name else {
          throw failure("expected </\(name)>, found </\(closing)>")
        }
        skipBlanks()
        guard peek(">") else { throw failure("expected '>' after </\(name)") }
        advance()
        element.close(text)
        return element
      } else if peek("<!--") {
        try skip(past: "-->", "a comment")
      } else if peek("<![CDATA[") {
        let from = offset + 9
        try skip(past: "]]>", "CDATA")
        text += bytes[from..<max(from, offset - 3)]
      } else if peek("<?") {
        try skip(past: "?>", "a declaration")
      } else if peek("<") {
        element.append(try self.element(depth: depth + 1))
      } else if peek("&") {
        text += try entity()
      } else {
        text.append(bytes[offset])
        advance()
      }
    }
    throw failure("<\(name)> of line \(start) is never closed")
  }

  /// Passes over the rest of an opening tag.
  ///
  /// - Returns: whether the element is empty (`<name/>`).
  private mutating func skipAttributes(of element: String) throws -> Bool {
    while true {
      skipBlanks()
      if peek("/>") {
        advance(2)
        return true
      }
      if peek(">") {
        advance()
        return false
      }
      _ = try name()
      skipBlanks()
      guard peek("=") else { throw failure("expected '=' in the tag <\(element)>") }
      advance()
      skipBlanks()
      guard peek("\"") || peek("'") else {
        throw failure("expected a value in quotes in the tag <\(element)>")
      }
      let quote = String(decoding: [bytes[offset]], as: UTF8.self)
      advance()
      try skip(past: quote, "a value")
    }
  }

  private mutating func name() throws -> String {
    let start = offset
    while offset < bytes.count, !isBlank(bytes[offset]), !"<>/=&\"'".utf8.contains(bytes[offset]) {
      offset += 1
    }
    guard offset > start, offset - start <= 200 else { throw failure("expected a name") }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func entity() throws -> [UInt8] {
    let limit = min(offset + 12, bytes.count)
    guard let end = bytes[offset..<limit].firstIndex(of: UInt8(ascii: ";")) else {
      throw failure("expected an entity such as &amp;; write '&' as &amp;")
    }
    let name = String(decoding: bytes[offset + 1..<end], as: UTF8.self)
    let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    var text = named[name]
    if text == nil, name.hasPrefix("#") {
      let isHex = name.hasPrefix("#x")
      let number = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10)
      text = number.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    }
    guard let text else { throw failure("the entity &\(name); is not known") }
    offset = end + 1
    return Array(text.utf8)
  }

  private func peek(_ mark: String) -> Bool {
    let mark = mark.utf8
    return bytes.count - offset >= mark.count
      && bytes[offset..<offset + mark.count].elementsEqual(mark)
  }

  private mutating func skip(past mark: String, _ what: String) throws {
    let start = line
    while offset < bytes.count {
      if peek(mark) { return advance(mark.utf8.count) }
      advance()
    }
    throw failure("\(what) of line \(start) never ends")
  }

  private mutating func skipBlanks() {
    while offset < bytes.count, isBlank(bytes[offset]) { advance() }
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count {
      if bytes[offset] == 0x0A { line += 1 }
      offset += 1
    }
  }

  private func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  private func failure(_ reason: String) -> MarkupError { MarkupError(line: line, reason: reason) }
}
