/// Reads the members of a tar archive one after the other (POSIX ustar, pax, GNU).
///
/// Names are for choosing and for messages; nothing is ever written under them.
struct TarReader {
  /// What the header of a member says.
  struct Member {
    let name: String
    let size: Int
    let isFile: Bool
  }

  enum Limit {
    static let members = 1_000
    static let extensionBytes = 1 << 20
  }

  private static let block = 512
  private let file: String
  private let source: (UnsafeMutableRawBufferPointer) throws -> Int
  private var memberCount = 0
  private var longName: String?

  /// - Parameter source: fills its argument with the archive's next bytes; fewer only at the end.
  init(file: String, source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int) {
    self.file = file
    self.source = source
  }

  /// The next member, whose bytes `read` must take before the one after it is asked for; nil at
  /// the end.
  mutating func next() throws -> Member? {
    while true {
      guard let header = try headerBlock() else { return nil }
      memberCount += 1
      guard memberCount <= Limit.members else {
        throw CheckpointError.overLimit(
          file: file, limit: "\(Limit.members) members", found: "more members")
      }
      let size = try number(header[124..<136])
      switch header[156] {
      case UInt8(ascii: "L"):
        longName = String(decoding: try small(size).prefix { $0 != 0 }, as: UTF8.self)
      case UInt8(ascii: "x"), UInt8(ascii: "g"):
        try checkExtension(try small(size))
      case let type:
        let isFile = type == 0 || type == UInt8(ascii: "0")
        defer { longName = nil }
        // Links and devices have no bytes, whatever their size says.
        let hasBytes = isFile || !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type)
        return Member(
          name: longName ?? name(header), size: hasBytes ? size : 0, isFile: isFile)
      }
    }
  }

  /// Reads the bytes of the member, piece by piece.
  func read(_ member: Member, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { piece.deallocate() }
    var rest = member.size
    while rest > 0 {
      let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<min(rest, piece.count)])
      try fill(part)
      try body(UnsafeRawBufferPointer(part))
      rest -= part.count
    }
    try fill(
      UnsafeMutableRawBufferPointer(
        rebasing: piece[..<((Self.block - member.size % Self.block) % Self.block)]))
  }

  /// Reads on to the archive's end, so that its checksum is compared.
  func drain() throws {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { piece.deallocate() }
    while try source(piece) == piece.count {}
  }

  private func malformed(_ expected: String, found: String) -> CheckpointError {
    .malformed(file: file, format: "tar archive", expected: expected, found: found)
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws {
    let count = try source(buffer)
    guard count == buffer.count else {
      throw malformed(
        "\(buffer.count - count) more bytes", found: "the end of the archive; it is cut off")
    }
  }

  /// The next block with something in it; nil at the end.
  private func headerBlock() throws -> [UInt8]? {
    var header = [UInt8](repeating: 0, count: Self.block)
    let count = try header.withUnsafeMutableBytes { try source($0) }
    if count == 0 || count == Self.block && header.allSatisfy({ $0 == 0 }) { return nil }
    let stated = count == Self.block ? try number(header[148..<156]) : -1
    let sum = header.reduce(0) { $0 + Int($1) } - header[148..<156].reduce(0) { $0 + Int($1) }
    guard stated == sum + 8 * 0x20 else {
      throw malformed("the header of a member with its checksum", found: "something else")
    }
    return header
  }

  private func small(_ size: Int) throws -> [UInt8] {
    guard size <= Limit.extensionBytes else {
      throw CheckpointError.overLimit(
        file: file, limit: "\(Limit.extensionBytes) bytes", found: "a name of \(size) bytes")
    }
    var bytes: [UInt8] = []
    try read(Member(name: "", size: size, isFile: false)) { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// A pax record may state another size for the next member; those above 8 GiB need it.
  private func checkExtension(_ bytes: [UInt8]) throws {
    let lines = bytes.split(separator: 0x0A)
    let statesSize = lines.contains { line in
      line.drop { $0 != 0x20 }.dropFirst().starts(with: "size=".utf8)
    }
    guard !statesSize else {
      throw malformed("members below 8 GiB", found: "a larger one")
    }
  }

  /// A number in octal digits or, with the highest bit set, in binary.
  private func number(_ field: ArraySlice<UInt8>) throws -> Int {
    var value = 0
    if field.first == 0x80 {
      for byte in field.dropFirst() {
        guard value < 1 << 54 else { throw malformed("a size below 2^62", found: "more") }
        value = value << 8 | Int(byte)
      }
      return value
    }
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
    for digit in digits {
      guard (0x30...0x37).contains(digit) else {
        throw malformed("a number in octal digits", found: "the byte 0x\(String(digit, radix: 16))")
      }
      value = value << 3 | Int(digit - 0x30)
    }
    return value
  }

  private func name(_ header: [UInt8]) -> String {
    func text(_ range: Range<Int>) -> String {
      String(decoding: header[range].prefix { $0 != 0 }, as: UTF8.self)
    }
    let prefix =
      header[257..<263].elementsEqual([0x75, 0x73, 0x74, 0x61, 0x72, 0]) ? text(345..<500) : ""
    return prefix.isEmpty ? text(0..<100) : "\(prefix)/\(text(0..<100))"
  }
}
