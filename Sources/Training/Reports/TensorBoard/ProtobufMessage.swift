/// A message in the binary form of Protocol Buffers, made field by field.
struct ProtobufMessage {
  /// The bytes so far.
  private(set) var bytes: [UInt8] = []

  /// How a field's content is laid out.
  enum Wire: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  /// Adds a whole number.
  mutating func add(_ field: Int, _ value: Int64) {
    key(field, .varint)
    varint(UInt64(bitPattern: value))
  }

  /// Adds a double.
  mutating func add(_ field: Int, _ value: Double) {
    key(field, .fixed64)
    littleEndian(value.bitPattern)
  }

  /// Adds a float.
  mutating func add(_ field: Int, _ value: Float) {
    key(field, .fixed32)
    littleEndian(value.bitPattern)
  }

  /// Adds bytes.
  mutating func add(_ field: Int, _ content: [UInt8]) {
    key(field, .lengthDelimited)
    varint(UInt64(content.count))
    bytes += content
  }

  /// Adds a text.
  mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

  /// Adds a message.
  mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

  private mutating func key(_ field: Int, _ wire: Wire) {
    varint(UInt64(field) << 3 | wire.rawValue)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F | 0x80))
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func littleEndian(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}

/// The fields of a message, read one after the other; it ends at the first that is not whole.
struct ProtobufFields: Sequence, IteratorProtocol {
  /// A field's content; numbers of eight bytes or fewer are given as their bits.
  enum Content: Equatable {
    case number(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  /// The fields of `bytes`.
  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next field, or nil.
  mutating func next() -> (field: Int, content: Content)? {
    guard let key = varint(), let wire = ProtobufMessage.Wire(rawValue: key & 7) else { return nil }
    let content: Content?
    switch wire {
    case .varint: content = varint().map(Content.number)
    case .fixed64: content = number(8)
    case .fixed32: content = number(4)
    case .lengthDelimited:
      content = varint().flatMap { count in
        guard count <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return .bytes(rest.prefix(Int(count)))
      }
    }
    guard let content, key >> 3 <= UInt64(Int32.max) else { return nil }
    return (Int(key >> 3), content)
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private mutating func number(_ count: Int) -> Content? {
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return .number(rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }
}
