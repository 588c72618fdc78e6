extension JSONReader {
  /// Passes over blanks, tabs and line ends.
  mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      default: return
      }
    }
  }

  mutating func skipByteOrderMark() {
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { offset = 3 }
  }

  /// Takes one punctuation mark if it comes next.
  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    return takeByte(mark)
  }

  /// Takes one byte if it comes next, without passing over space.
  mutating func takeByte(_ mark: Unicode.Scalar) -> Bool {
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: mark) else { return false }
    offset += 1
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws {
    guard take(mark) else { throw failure(expected: "'\(mark)'") }
  }

  /// An error about the bytes at the present place.
  func failure(expected: String) -> JSONError {
    failure(expected: expected, found: shown, at: offset)
  }

  /// An error about the bytes at some place.
  func failure(expected: String, found: String, at place: Int) -> JSONError {
    error(.malformed, expected: expected, found: found, at: place)
  }

  /// An error of the caller about a value that is valid JSON.
  ///
  /// - Parameters:
  ///   - expected: what should have been there.
  ///   - found: what is there.
  ///   - place: where the value begins, in bytes.
  public func unexpected(_ expected: String, found: String, at place: Int) -> JSONError {
    error(.unexpected, expected: expected, found: found, at: place)
  }

  /// An error about the kind of the value that comes next.
  public mutating func unexpected(_ expected: String) -> JSONError {
    do {
      let kind = try peek()
      guard kind == .number else { return unexpected(expected, found: kind.rawValue, at: offset) }
      let end = bytes[offset...].prefix(40).firstIndex { !Self.numberBytes.contains($0) }
      let text = bytes[offset..<(end ?? min(bytes.count, offset + 40))]
      return unexpected(
        expected, found: "the number \(String(decoding: text, as: UTF8.self))", at: offset)
    } catch { return failure(expected: expected) }
  }

  private static let numberBytes = Set("0123456789+-.eE".utf8)

  /// What stands at the present place, in words.
  private var shown: String {
    guard offset < bytes.count else { return "the end of the file" }
    for word in ["NaN", "Infinity", "-Infinity", "nan", "None", "True", "False"]
    where bytes[offset...].starts(with: word.utf8) {
      return "\(word), which JSON does not have"
    }
    let byte = bytes[offset]
    return (0x21...0x7E).contains(byte)
      ? "'\(Character(Unicode.Scalar(byte)))'" : "the byte 0x\(String(byte, radix: 16))"
  }

  private func error(
    _ kind: JSONError.Kind, expected: String, found: String, at place: Int
  ) -> JSONError {
    var lines = 1
    for byte in bytes[..<min(place, bytes.count)] where byte == 0x0A { lines += 1 }
    return JSONError(
      kind, file: file, offset: place, line: lines, expected: expected, found: found)
  }
}
