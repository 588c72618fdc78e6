/// Reads little-endian numbers and runs of bytes from memory and never beyond its end.
struct ByteReader {
  /// The file the bytes come from, for messages.
  let file: String
  /// What the file should be, for messages.
  let format: String
  let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer, file: String, format: String, at position: Int = 0) {
    (self.bytes, self.file, self.format) = (bytes, file, format)
    self.position = min(max(position, 0), bytes.count)
  }

  var remaining: Int { bytes.count - position }

  /// The error for something that is not as it should be.
  func malformed(_ expected: String, found: String) -> CheckpointError {
    .malformed(file: file, format: format, expected: expected, found: found)
  }

  /// Takes the next `count` bytes.
  mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else {
      throw malformed("\(count) more bytes at byte \(position)", found: "\(remaining)")
    }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// Takes a little-endian number.
  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type = Number.self
  ) throws -> Number {
    Number(littleEndian: try take(MemoryLayout<Number>.size).loadUnaligned(as: type))
  }

  /// Takes an unsigned number of up to 64 bits that must be below 2^63.
  mutating func length<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) throws -> Int {
    let found = try number(type)
    guard let length = Int(exactly: found) else {
      throw malformed("a length below 2^63 at byte \(position)", found: "\(found)")
    }
    return length
  }

  /// Takes bytes up to a line feed, which is taken too and left out.
  mutating func line() throws -> UnsafeRawBufferPointer {
    guard let end = bytes[position...].firstIndex(of: 0x0A) else {
      throw malformed("a line that begins at byte \(position)", found: "no end of it")
    }
    defer { position = end + 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<end])
  }

  /// Takes `count` bytes of text.
  mutating func text(_ count: Int) throws -> String { try text(take(count)) }

  /// The bytes as text, which must be UTF-8.
  func text(_ bytes: UnsafeRawBufferPointer) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw malformed("text in UTF-8 before byte \(position)", found: "other bytes")
    }
    return text
  }
}
