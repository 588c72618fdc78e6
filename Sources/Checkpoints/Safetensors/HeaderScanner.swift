/// Reads JSON (RFC 8259) from memory, token by token, without building a tree.
///
/// Strict: no trailing commas, no leading zeros, no control characters in strings, UTF-8 only.
/// Depth is limited, so that hostile nesting cannot exhaust the stack.
struct HeaderScanner {
  /// What is wrong, and at which byte.
  struct Failure: Error {
    let expected: String
    let found: String
  }

  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  func failure(_ expected: String) -> Failure {
    guard position < bytes.count else {
      return Failure(expected: expected, found: "the end of the header at byte \(position)")
    }
    let byte = bytes[position]
    let shown =
      (0x21...0x7E).contains(byte)
      ? "'\(Character(Unicode.Scalar(byte)))'" : "the byte 0x\(String(byte, radix: 16))"
    return Failure(expected: expected, found: "\(shown) at byte \(position) of the header")
  }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  /// Takes one punctuation mark if it comes next.
  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws {
    guard take(mark) else { throw failure("'\(mark)'") }
  }

  mutating func expectEnd() throws {
    skipSpace()
    guard position == bytes.count else { throw failure("nothing after the JSON object") }
  }

  /// Reads the members of an object; `body` must read the value that belongs to the key.
  mutating func object(_ body: (inout HeaderScanner, String) throws -> Void) throws {
    try expect("{")
    if take("}") { return }
    repeat {
      skipSpace()
      let key = try string()
      try expect(":")
      try body(&self, key)
    } while take(",")
    try expect("}")
  }

  /// Reads the elements of an array; `body` must read one.
  mutating func array(_ body: (inout HeaderScanner) throws -> Void) throws {
    try expect("[")
    if take("]") { return }
    repeat { try body(&self) } while take(",")
    try expect("]")
  }

  mutating func string() throws -> String {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      throw failure("a string")
    }
    position += 1
    let start = position
    var decoded: [UInt8]? = nil
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        let content = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        let text =
          decoded.map { String(validating: $0, as: UTF8.self) }
          ?? String(validating: content, as: UTF8.self)
        guard let text else {
          throw Failure(
            expected: "text in UTF-8", found: "other bytes in the string at byte \(start)")
        }
        position += 1
        return text
      case UInt8(ascii: "\\"):
        if decoded == nil { decoded = Array(bytes[start..<position]) }
        decoded!.append(contentsOf: UTF8.encode(try escape())!)
      case 0..<0x20:
        throw failure("no control character in a string")
      default:
        decoded?.append(byte)
        position += 1
      }
    }
    throw failure("the closing quote of a string")
  }

  private mutating func escape() throws -> Unicode.Scalar {
    position += 1
    guard position < bytes.count else { throw failure("an escaped character") }
    let mark = bytes[position]
    if mark == UInt8(ascii: "u") {
      position += 1
      let first = try hexadecimal()
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      else { throw failure("the second half of a surrogate pair") }
      position += 2
      let second = try hexadecimal()
      guard (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      else { throw failure("the second half of a surrogate pair") }
      return scalar
    }
    let scalar: Unicode.Scalar
    switch Unicode.Scalar(mark) {
    case "\"", "\\", "/": scalar = Unicode.Scalar(mark)
    case "b": scalar = "\u{8}"
    case "f": scalar = "\u{C}"
    case "n": scalar = "\n"
    case "r": scalar = "\r"
    case "t": scalar = "\t"
    default: throw failure("an escaped character")
    }
    position += 1
    return scalar
  }

  private mutating func hexadecimal() throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count, bytes[position] < 0x80,
        let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
      else { throw failure("four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  /// Reads a whole number from 0 on.
  mutating func count() throws -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(bytes[position] - 0x30))
      guard !overflow, !carry else { throw failure("a number below 2^63") }
      value = sum
      position += 1
    }
    let hasLeadingZero = position > start + 1 && bytes[start] == 0x30
    let goesOn = position < bytes.count && [0x2E, 0x45, 0x65].contains(bytes[position])
    guard position > start, !hasLeadingZero, !goesOn else {
      if hasLeadingZero { position = start }
      throw failure("a whole number from 0 on")
    }
    return value
  }

  /// Passes over a value of any kind.
  mutating func skipValue(depth: Int = 0) throws {
    guard depth < 64 else {
      throw Failure(expected: "at most 64 levels of nesting", found: "more")
    }
    skipSpace()
    guard position < bytes.count else { throw failure("a value") }
    switch bytes[position] {
    case UInt8(ascii: "{"): try object { scanner, _ in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["): try array { scanner in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    default: try skipLiteral()
    }
  }

  private mutating func skipLiteral() throws {
    for word in ["true", "false", "null"] {
      let end = position + word.utf8.count
      if end <= bytes.count, bytes[position..<end].elementsEqual(word.utf8) {
        position = end
        return
      }
    }
    _ = takeByte("-")
    if !takeByte("0") { try skipDigits() }
    if takeByte(".") { try skipDigits() }
    if takeByte("e") || takeByte("E") {
      if !takeByte("+") { _ = takeByte("-") }
      try skipDigits()
    }
  }

  private mutating func takeByte(_ mark: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  private mutating func skipDigits() throws {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    guard position > start else { throw failure("a value") }
  }
}
