/// One record of a TFRecord file: its length, the length's checksum, the content, its checksum.
enum EventRecord {
  /// A record with this content.
  static func framed(_ content: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(content.count))
    return length + littleEndian(MaskedChecksum.of(length)) + content
      + littleEndian(MaskedChecksum.of(content))
  }

  /// The contents of the whole records that a file begins with; the first damaged one ends it.
  static func contents(of file: [UInt8]) -> [ArraySlice<UInt8>] {
    var contents: [ArraySlice<UInt8>] = []
    var rest = file[...]
    while let length = number(rest.prefix(8), bytes: 8),
      number(rest.dropFirst(8).prefix(4), bytes: 4)
        == UInt64(MaskedChecksum.of(rest.prefix(8))),
      length <= UInt64(rest.count)
    {
      let content = rest.dropFirst(12).prefix(Int(length))
      let checksum = rest.dropFirst(12 + Int(length)).prefix(4)
      guard content.count == Int(length),
        number(checksum, bytes: 4) == UInt64(MaskedChecksum.of(content))
      else { break }
      contents.append(content)
      rest = rest.dropFirst(16 + Int(length))
    }
    return contents
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>, bytes count: Int) -> UInt64? {
    guard bytes.count == count else { return nil }
    return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
