/// What the header of a safetensors file says: metadata and where each tensor lies.
///
/// The rules are those of the reference implementation (huggingface/safetensors): a header of at
/// most 100 MB, offsets that cover the data without a gap or an overlap, sizes that agree with
/// shape and type. Names that occur twice are refused too, as the format's description demands.
struct SafetensorsHeader {
  /// One entry and where its bytes lie, counted from the start of the data.
  struct Place: Equatable {
    let entry: TensorEntry
    let offsets: Range<Int>
  }

  var places: [Place] = []
  var metadata: [String: String] = [:]
  /// Where the data begins, in bytes from the start of the file.
  let dataStart: Int
  private let file: String

  init(file: String, bytes: UnsafeRawBufferPointer) throws {
    self.file = file
    guard bytes.count >= 8 else {
      throw CheckpointError.malformed(
        file: file, expected: "8 bytes of header length", found: "a file of \(bytes.count) bytes")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(TensorLimit.headerBytes) else {
      throw CheckpointError.malformed(
        file: file, expected: "a header of at most \(TensorLimit.headerBytes) bytes",
        found: "a header length of \(length)")
    }
    guard length <= UInt64(bytes.count - 8) else {
      throw CheckpointError.malformed(
        file: file, expected: "a header of \(length) bytes",
        found: "\(bytes.count - 8) bytes after the header length")
    }
    dataStart = 8 + Int(length)
    let text = UnsafeRawBufferPointer(rebasing: bytes[8..<dataStart])
    guard text.first == UInt8(ascii: "{") else {
      throw CheckpointError.malformed(
        file: file, expected: "a header that begins with '{'",
        found: text.first.map { "the byte 0x\(String($0, radix: 16))" } ?? "an empty header")
    }
    do {
      try parse(text)
    } catch let failure as HeaderScanner.Failure {
      throw CheckpointError.malformed(
        file: file, expected: failure.expected, found: failure.found)
    }
    try checkCoverage(dataBytes: bytes.count - dataStart)
  }

  private mutating func parse(_ text: UnsafeRawBufferPointer) throws {
    var scanner = HeaderScanner(text)
    var names: Set<String> = []
    try scanner.object { scanner, name in
      // Swift compares texts by canonical equivalence; two names that differ only in their
      // composition would be one key here, and are refused along with true duplicates.
      guard names.insert(name).inserted else {
        throw malformed(name, expected: "one entry of this name", found: "two")
      }
      if name == "__metadata__" {
        try parseMetadata(&scanner)
      } else {
        try TensorLimit.check(count: places.count + 1, file: file)
        places.append(try parseEntry(&scanner, name: name))
      }
    }
    try scanner.expectEnd()
  }

  private mutating func parseMetadata(_ scanner: inout HeaderScanner) throws {
    var metadata: [String: String] = [:]
    try scanner.object { scanner, key in
      guard metadata.count < TensorLimit.entries else {
        throw CheckpointError.overLimit(
          file: file, limit: "\(TensorLimit.entries) entries", found: "more metadata")
      }
      let value = try scanner.string()
      guard metadata.updateValue(value, forKey: key) == nil else {
        throw malformed("__metadata__", expected: "the key '\(key)' once", found: "it twice")
      }
    }
    self.metadata = metadata
  }

  private func parseEntry(
    _ scanner: inout HeaderScanner, name: String
  ) throws -> Place {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { scanner, key in
      let isRepeated =
        switch key {
        case "dtype": type != nil
        case "shape": shape != nil
        case "data_offsets": offsets != nil
        default: false
        }
      if isRepeated { throw malformed(name, expected: "'\(key)' once", found: "it twice") }
      switch key {
      case "dtype": type = try scanner.string()
      case "shape":
        shape = try counts(&scanner, name, limit: TensorLimit.rank, what: "axes")
      case "data_offsets":
        offsets = try counts(&scanner, name, limit: 2, what: "offsets")
      default: try scanner.skipValue()
      }
    }
    guard let type else { throw malformed(name, expected: "a 'dtype'", found: "none") }
    guard let shape else { throw malformed(name, expected: "a 'shape'", found: "none") }
    guard let offsets, offsets.count == 2 else {
      throw malformed(
        name, expected: "'data_offsets' of two numbers", found: offsets.map { "\($0)" } ?? "none")
    }
    guard let elementType = ElementType(rawValue: type) else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: " ")
      throw CheckpointError.wrongElementType(
        file: file, entry: name, expected: "one of \(known)", found: type)
    }
    guard offsets[0] <= offsets[1] else {
      throw malformed(name, expected: "offsets in rising order", found: "\(offsets)")
    }
    try TensorLimit.check(name: name, shape: shape, type: elementType, file: file)
    let size = shape.elementCount * elementType.size
    guard offsets[1] - offsets[0] == size else {
      throw malformed(
        name, expected: "\(size) bytes for \(type) of the shape \(shape)",
        found: "\(offsets[1] - offsets[0]) bytes")
    }
    return Place(
      entry: TensorEntry(name: name, type: elementType, shape: shape),
      offsets: offsets[0]..<offsets[1])
  }

  private func counts(
    _ scanner: inout HeaderScanner, _ name: String, limit: Int, what: String
  ) throws -> [Int] {
    var result: [Int] = []
    try scanner.array { scanner in
      guard result.count < limit else {
        throw malformed(name, expected: "at most \(limit) \(what)", found: "more")
      }
      result.append(try scanner.count())
    }
    return result
  }

  /// Sorts the entries by place and checks that they cover the data exactly.
  private mutating func checkCoverage(dataBytes: Int) throws {
    places.sort {
      ($0.offsets.lowerBound, $0.offsets.upperBound)
        < ($1.offsets.lowerBound, $1.offsets.upperBound)
    }
    var end = 0
    for place in places {
      guard place.offsets.lowerBound == end else {
        throw malformed(
          place.entry.name,
          expected: "data that begins at offset \(end), where the data before it ends",
          found: "the offset \(place.offsets.lowerBound)")
      }
      end = place.offsets.upperBound
    }
    guard end == dataBytes else {
      throw CheckpointError.malformed(
        file: file, expected: "\(end) bytes of data, as the header says",
        found: "\(dataBytes) bytes")
    }
  }

  private func malformed(
    _ entry: String, expected: String, found: String
  ) -> CheckpointError {
    .malformedEntry(file: file, entry: entry, expected: expected, found: found)
  }
}
