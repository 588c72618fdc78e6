/// The PyTorch format before 1.6: five pickles, then the storages one after the other.
///
/// Mirrors `_legacy_load` of torch/serialization.py: a magic number, the protocol version 1001, a
/// description of the writing machine, the object, and the keys of the storages; each storage is
/// its number of elements in 64 bits and the elements.
enum PyTorchLegacy {
  static let format = "PyTorch before 1.6"
  /// The pickled magic number 0x1950A86A20F9469CFC6C, with which every such file begins.
  static let beginning: [UInt8] = [
    0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  static func open(_ mapping: MappedFile) throws -> PyTorchArchive {
    let file = mapping.path
    var reader = ByteReader(mapping.bytes, file: file, format: "PyTorch file")
    guard try reader.take(beginning.count).elementsEqual(beginning) else {
      throw reader.malformed("the magic number of PyTorch", found: "something else")
    }
    guard try PickleInterpreter.read(&reader).root == .integer(1001) else {
      throw reader.malformed("protocol version 1001", found: "another")
    }
    let system = try PickleInterpreter.read(&reader)
    let order = system.members(system.root)?.first { $0.key == .text("little_endian") }
    guard order?.value == .bool(true) else {
      throw reader.malformed(
        "a file of a little-endian machine", found: order == nil ? "no word on it" : "another")
    }
    let pickle = try PickleInterpreter.read(&reader)
    let keys = try PickleInterpreter.read(&reader)
    var places: [String: Int] = [:]
    for (place, storage) in pickle.storages.enumerated() { places[storage.key] = place }
    var ranges = [Range<Int>?](repeating: nil, count: pickle.storages.count)
    for key in keys.sequence(keys.root) ?? [] {
      guard case .text(let name) = key, let place = places[name], ranges[place] == nil else {
        throw reader.malformed("each storage once", found: "an unknown or repeated one")
      }
      let storage = pickle.storages[place]
      let count = try reader.length(UInt64.self)
      guard count == storage.count, let bytes = storage.byteCount, bytes <= reader.remaining else {
        throw CheckpointError.malformedEntry(
          file: file, entry: "storage \(name)",
          expected: "\(storage.count) elements of \(storage.type?.size ?? 1) bytes",
          found: "\(count) elements and \(reader.remaining) bytes to the file's end")
      }
      let start = reader.position
      _ = try reader.take(bytes)
      ranges[place] = start..<start + bytes
    }
    guard reader.remaining == 0 else {
      throw reader.malformed("the file's end after its storages", found: "more bytes")
    }
    return try PyTorchArchive(mapping, format: format, pickle: pickle, ranges: ranges)
  }
}
