import Tensors

/// A safetensors file, mapped into memory.
///
/// Opening reads and checks the header only; the data of a tensor is read when it is touched.
/// Tensors of 32-bit floats refer to the mapping itself: several processes that use one model
/// share its memory.
public struct SafetensorsFile: TensorArchive {
  /// One tensor of the file.
  public typealias Entry = TensorEntry

  /// Where the file was found.
  public var path: String { mapping.path }
  /// The name of the format.
  public var format: String { "safetensors" }
  /// The tensors in the order of their data.
  public let entries: [Entry]
  /// Free text that the writer added.
  public let metadata: [String: String]
  private let mapping: MappedFile
  private let dataStart: Int
  private let places: [SafetensorsHeader.Place]
  private let positions: [String: Int]

  /// Opens a file and checks its header against its length.
  ///
  /// - Throws: `CheckpointError`.
  public init(contentsOf path: String) throws {
    try self.init(MappedFile(path: path))
  }

  /// Checks the header of a file that lies in memory.
  init(_ mapping: MappedFile) throws {
    self.mapping = mapping
    let header = try SafetensorsHeader(file: mapping.path, bytes: mapping.bytes)
    places = header.places
    entries = places.map(\.entry)
    metadata = header.metadata
    dataStart = header.dataStart
    positions = Dictionary(
      uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  /// The entry of this name, or nil.
  public subscript(_ name: String) -> Entry? { positions[name].map { entries[$0] } }

  /// The entry of this name.
  ///
  /// - Throws: `CheckpointError.missingEntry`, with the closest name there is.
  public func entry(_ name: String) throws -> Entry {
    guard let entry = self[name] else { throw missing(name) }
    return entry
  }

  /// The tensor of this name; other types than 32-bit floats are converted.
  ///
  /// - Throws: `CheckpointError.missingEntry`.
  public func tensor(_ name: String) throws -> Tensor {
    let entry = try entry(name)
    return tensor(entry, bytes: bytes(of: entry), shape: entry.shape)
  }

  /// The tensor of this name, which must have the given shape.
  ///
  /// - Throws: `CheckpointError.missingEntry`, `.wrongShape`.
  public func tensor(_ name: String, shape: Shape) throws -> Tensor {
    let entry = try entry(name)
    guard entry.shape == shape else {
      throw CheckpointError.wrongShape(
        file: path, entry: name, expected: shape, found: entry.shape)
    }
    return tensor(entry, bytes: bytes(of: entry), shape: shape)
  }

  /// A part of a tensor, cut along its first axis; nothing else is read from the disk.
  ///
  /// - Throws: `CheckpointError.missingEntry`; `.wrongShape` where there are no such rows.
  public func tensor(_ name: String, rows: Range<Int>) throws -> Tensor {
    let entry = try entry(name)
    guard let total = entry.shape.first, rows.lowerBound >= 0, rows.upperBound <= total else {
      throw CheckpointError.wrongShape(
        file: path, entry: name, expected: [rows.upperBound] + entry.shape.dropFirst(),
        found: entry.shape)
    }
    let rowBytes = entry.shape.dropFirst().reduce(entry.type.size, *)
    let part = bytes(of: entry)[rows.lowerBound * rowBytes..<rows.upperBound * rowBytes]
    return tensor(
      entry, bytes: UnsafeRawBufferPointer(rebasing: part),
      shape: [rows.count] + entry.shape.dropFirst())
  }

  /// The whole numbers of this name in row-major order.
  ///
  /// - Throws: `CheckpointError.missingEntry`; `.wrongElementType` for types with fractions.
  public func integers(_ name: String) throws -> [Int] {
    let entry = try entry(name)
    return try withExtendedLifetime(mapping) {
      guard let result = entry.type.integers(bytes(of: entry)) else {
        throw CheckpointError.wrongElementType(
          file: path, entry: name, expected: "whole numbers", found: entry.type.rawValue)
      }
      return result
    }
  }

  /// Where the bytes of an entry lie, counted from the start of the data.
  ///
  /// - Throws: `CheckpointError.missingEntry`.
  public func offsets(of name: String) throws -> Range<Int> {
    guard let position = positions[name] else { throw missing(name) }
    return places[position].offsets
  }

  /// Reads the raw little-endian bytes of an entry in place.
  ///
  /// - Throws: `CheckpointError.missingEntry`, and what `body` throws.
  public func withBytes<Result>(
    of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let entry = try entry(name)
    return try withExtendedLifetime(mapping) { try body(bytes(of: entry)) }
  }

  private func bytes(of entry: Entry) -> UnsafeRawBufferPointer {
    guard let position = positions[entry.name] else {
      preconditionFailure("'\(entry.name)' is an entry of another file")
    }
    let offsets = places[position].offsets
    let start = dataStart + offsets.lowerBound
    return UnsafeRawBufferPointer(rebasing: mapping.bytes[start..<start + offsets.count])
  }

  private func tensor(_ entry: Entry, bytes: UnsafeRawBufferPointer, shape: Shape) -> Tensor {
    mapping.tensor(bytes, type: entry.type, shape: shape)
  }
}
