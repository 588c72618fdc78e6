/// The members of a zip archive.
///
/// Mirrors APPNOTE.TXT 6.3 with zip64. PyTorch stores every member, so that the data can be used in
/// place; a compressed member is refused unless the caller inflates it (`ZipArchive`), an encrypted
/// one always. Checksums are not compared: PyTorch can be told to write none, and comparing would
/// read the whole file.
struct ZipDirectory {
  /// Members by name, with where their data lies in the file.
  private(set) var members: [String: Range<Int>] = [:]
  /// Sizes of the compressed members by name, as they will be once inflated.
  private(set) var inflatedSizes: [String: Int] = [:]

  static let memberLimit = TensorLimit.entries + 4_096
  private static let format = "zip archive"

  init(file: String, bytes: UnsafeRawBufferPointer, acceptsCompressed: Bool = false) throws {
    let directory = try Self.findDirectory(file: file, bytes: bytes)
    guard directory.count <= Self.memberLimit else {
      throw CheckpointError.overLimit(
        file: file, limit: "\(Self.memberLimit) members", found: "\(directory.count) members")
    }
    var reader = ByteReader(
      UnsafeRawBufferPointer(rebasing: bytes[..<directory.range.upperBound]), file: file,
      format: Self.format, at: directory.range.lowerBound)
    let body = UnsafeRawBufferPointer(rebasing: bytes[..<directory.range.lowerBound])
    for _ in 0..<directory.count {
      let member = try CentralRecord(&reader, acceptsCompressed: acceptsCompressed)
      inflatedSizes[member.name] = member.inflatedSize
      let data = try member.dataRange(body: body, file: file, format: Self.format)
      guard members.updateValue(data, forKey: member.name) == nil else {
        throw reader.malformed("one member '\(member.name)'", found: "two of this name")
      }
    }
    guard reader.remaining == 0 else {
      throw reader.malformed(
        "\(directory.count) members in the directory", found: "\(reader.remaining) bytes more")
    }
    try checkOverlap(reader)
  }

  /// Refuses members that share bytes, a trick that makes small files look large.
  private func checkOverlap(_ reader: ByteReader) throws {
    let ranges = members.filter { !$0.value.isEmpty }
      .sorted { ($0.value.lowerBound, $0.key) < ($1.value.lowerBound, $1.key) }
    for (left, right) in zip(ranges, ranges.dropFirst())
    where right.value.lowerBound < left.value.upperBound {
      throw reader.malformed(
        "members that share no bytes", found: "'\(left.key)' and '\(right.key)' overlapping")
    }
  }

  /// Finds the central directory from the record at the end of the file.
  private static func findDirectory(
    file: String, bytes: UnsafeRawBufferPointer
  ) throws -> (range: Range<Int>, count: Int) {
    let scan = ByteReader(bytes, file: file, format: format)
    guard let end = endRecord(bytes) else {
      throw scan.malformed(
        "the record that ends a zip archive", found: "none; the file is cut off")
    }
    var reader = ByteReader(bytes, file: file, format: format, at: end + 10)
    var count = Int(try reader.number(UInt16.self))
    var size = Int(try reader.number(UInt32.self))
    var start = Int(try reader.number(UInt32.self))
    var limit = end
    // PyTorch writes the zip64 record always, others where a number does not fit; it counts.
    if let place = try zip64Record(before: end, bytes, file: file) {
      var record = ByteReader(bytes, file: file, format: format, at: place + 32)
      let large = (
        count: try record.length(UInt64.self), size: try record.length(UInt64.self),
        start: try record.length(UInt64.self)
      )
      guard count == 0xFFFF || count == large.count, size == 0xFFFF_FFFF || size == large.size,
        start == 0xFFFF_FFFF || start == large.start
      else { throw record.malformed("one statement on the directory", found: "two") }
      (count, size, start) = large
      limit = place
    }
    let (stop, overflow) = start.addingReportingOverflow(size)
    guard !overflow, stop == limit else {
      throw reader.malformed(
        "a directory that ends at byte \(limit)", found: "\(size) bytes from byte \(start)")
    }
    return (start..<stop, count)
  }

  /// Where the zip64 end record begins; nil where there is none.
  private static func zip64Record(
    before end: Int, _ bytes: UnsafeRawBufferPointer, file: String
  ) throws -> Int? {
    guard end >= 20 else { return nil }
    var locator = ByteReader(bytes, file: file, format: format, at: end - 20)
    guard try locator.number(UInt32.self) == 0x0706_4B50 else { return nil }
    _ = try locator.number(UInt32.self)
    let place = try locator.length(UInt64.self)
    var record = ByteReader(bytes, file: file, format: format, at: place)
    guard place <= end - 20, try record.number(UInt32.self) == 0x0606_4B50 else {
      throw locator.malformed("a zip64 end record at byte \(place)", found: "none")
    }
    return place
  }

  /// Where the end record begins: the last one whose comment reaches exactly to the file's end.
  private static func endRecord(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= 22 else { return nil }
    let first = max(0, bytes.count - 22 - 0xFFFF)
    for place in stride(from: bytes.count - 22, through: first, by: -1)
    where bytes[place] == 0x50 {
      let mark = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
      let comment = bytes.loadUnaligned(fromByteOffset: place + 20, as: UInt16.self)
      if UInt32(littleEndian: mark) == 0x0605_4B50,
        place + 22 + Int(UInt16(littleEndian: comment)) == bytes.count
      {
        return place
      }
    }
    return nil
  }
}

/// What the central directory says of one member.
private struct CentralRecord {
  let name: String
  /// Nil for a member that is stored as it is.
  let inflatedSize: Int?
  private let size: Int
  private let localStart: Int

  init(_ reader: inout ByteReader, acceptsCompressed: Bool) throws {
    guard try reader.number(UInt32.self) == 0x0201_4B50 else {
      throw reader.malformed(
        "a member of the directory at byte \(reader.position - 4)", found: "something else")
    }
    _ = try reader.take(4)
    let flags = try reader.number(UInt16.self)
    let method = try reader.number(UInt16.self)
    _ = try reader.take(8)
    var stored = Int(try reader.number(UInt32.self))
    var size = Int(try reader.number(UInt32.self))
    let nameLength = Int(try reader.number(UInt16.self))
    let extraLength = Int(try reader.number(UInt16.self))
    let commentLength = Int(try reader.number(UInt16.self))
    _ = try reader.take(8)
    var start = Int(try reader.number(UInt32.self))
    guard nameLength <= TensorLimit.nameBytes else {
      throw CheckpointError.overLimit(
        file: reader.file, limit: "\(TensorLimit.nameBytes) bytes",
        found: "a member's name of \(nameLength) bytes")
    }
    name = try reader.text(nameLength)
    var extra = ByteReader(
      try reader.take(extraLength), file: reader.file, format: reader.format)
    _ = try reader.take(commentLength)
    while extra.remaining >= 4 {
      let kind = try extra.number(UInt16.self)
      let length = Int(try extra.number(UInt16.self))
      var field = ByteReader(try extra.take(length), file: reader.file, format: reader.format)
      guard kind == 1 else { continue }
      if size == 0xFFFF_FFFF { size = try field.length(UInt64.self) }
      if stored == 0xFFFF_FFFF { stored = try field.length(UInt64.self) }
      if start == 0xFFFF_FFFF { start = try field.length(UInt64.self) }
    }
    let isStored = method == 0 && stored == size
    guard flags & 1 == 0, isStored || acceptsCompressed && method == 8 else {
      throw reader.malformed(
        "'\(name)' stored as it is",
        found: flags & 1 != 0 ? "it encrypted" : "it compressed (method \(method))")
    }
    inflatedSize = isStored ? nil : size
    (self.size, localStart) = (stored, start)
  }

  /// Where the data lies, after the member's own header, which must have the same name.
  func dataRange(
    body: UnsafeRawBufferPointer, file: String, format: String
  ) throws -> Range<Int> {
    guard localStart <= body.count else {
      throw ByteReader(body, file: file, format: format).malformed(
        "'\(name)' before the directory at byte \(body.count)", found: "byte \(localStart)")
    }
    var local = ByteReader(body, file: file, format: format, at: localStart)
    guard try local.number(UInt32.self) == 0x0403_4B50 else {
      throw local.malformed("a member at byte \(localStart)", found: "something else")
    }
    _ = try local.take(22)
    let nameLength = Int(try local.number(UInt16.self))
    let extraLength = Int(try local.number(UInt16.self))
    guard try local.take(nameLength).elementsEqual(name.utf8) else {
      throw local.malformed(
        "the name '\(name)' at byte \(localStart)", found: "another, unlike the directory's")
    }
    _ = try local.take(extraLength)
    let start = local.position
    guard size <= local.remaining else {
      throw local.malformed(
        "\(size) bytes of '\(name)' from byte \(start)", found: "\(local.remaining)")
    }
    return start..<start + size
  }
}
