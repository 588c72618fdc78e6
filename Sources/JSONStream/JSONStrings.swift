extension JSONReader {
  /// Reads a string.
  public mutating func string() throws -> String {
    try expect(.string)
    let start = offset + 1
    let hasEscapes = try skipString()
    let content = UnsafeRawBufferPointer(rebasing: bytes[start..<offset - 1])
    guard hasEscapes else { return String(decoding: content, as: UTF8.self) }
    return Self.unescaped(content)
  }

  /// Passes over a string and checks all of it; the present byte is its opening quote.
  ///
  /// - Returns: whether it has escapes.
  mutating func skipString() throws -> Bool {
    var hasEscapes = false
    offset += 1
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return hasEscapes
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try skipEscape()
      case 0x20..<0x80: offset += 1
      case 0x80...: try skipScalar()
      default: throw failure(expected: "no control character in a string")
      }
    }
    throw failure(expected: "the closing quote of a string")
  }

  private mutating func skipEscape() throws {
    offset += 1
    guard offset < bytes.count else { throw failure(expected: "an escaped character") }
    switch Unicode.Scalar(bytes[offset]) {
    case "\"", "\\", "/", "b", "f", "n", "r", "t": offset += 1
    case "u":
      let start = offset - 1
      let first = try hexadecimal()
      guard (0xD800..<0xE000).contains(first) else { return }
      guard first < 0xDC00, takeByte("\\"), offset < bytes.count,
        bytes[offset] == UInt8(ascii: "u"), (0xDC00..<0xE000).contains(try hexadecimal())
      else {
        throw failure(
          expected: "both halves of a surrogate pair", found: "one half alone", at: start)
      }
    default: throw failure(expected: "an escaped character")
    }
  }

  /// Reads the four digits behind the `u` at the present place.
  private mutating func hexadecimal() throws -> UInt32 {
    offset += 1
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard offset < bytes.count, let digit = Self.hexadecimalDigit(bytes[offset]) else {
        throw failure(expected: "four hexadecimal digits")
      }
      value = value << 4 | digit
      offset += 1
    }
    return value
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  /// Passes over one scalar of two to four bytes (Unicode 15, table 3-7).
  private mutating func skipScalar() throws {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[offset] {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw failure(expected: "text in UTF-8")
    }
    let isWhole = offset + length <= bytes.count && second.contains(bytes[offset + 1])
    guard isWhole, (offset + 2..<offset + max(2, length)).allSatisfy({ bytes[$0] & 0xC0 == 0x80 })
    else { throw failure(expected: "text in UTF-8") }
    offset += length
  }

  /// The text of a string's content that `skipString` has found right.
  private static func unescaped(_ content: UnsafeRawBufferPointer) -> String {
    var units: [UInt8] = []
    units.reserveCapacity(content.count)
    var position = 0
    func unit() -> UInt32 {
      defer { position += 4 }
      return content[position..<position + 4].reduce(0) { $0 << 4 | hexadecimalDigit($1)! }
    }
    while position < content.count {
      guard content[position] == UInt8(ascii: "\\") else {
        units.append(content[position])
        position += 1
        continue
      }
      let mark = content[position + 1]
      position += 2
      switch Unicode.Scalar(mark) {
      case "b": units.append(0x08)
      case "f": units.append(0x0C)
      case "n": units.append(0x0A)
      case "r": units.append(0x0D)
      case "t": units.append(0x09)
      case "u":
        var value = unit()
        if (0xD800..<0xDC00).contains(value) {
          position += 2
          value = 0x10000 + (value - 0xD800) << 10 + (unit() - 0xDC00)
        }
        units.append(contentsOf: UTF8.encode(Unicode.Scalar(value)!)!)
      default: units.append(mark)
      }
    }
    return String(decoding: units, as: UTF8.self)
  }
}
