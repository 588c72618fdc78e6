import Tensors
import Wording

/// A file, or several that belong together, with named tensors; the data is read when asked for.
public protocol TensorArchive: Sendable {
  /// Where the archive was found.
  var path: String { get }
  /// The file format in a few words, such as "safetensors" or "PyTorch, 3 shards".
  var format: String { get }
  /// The tensors, each name once.
  var entries: [TensorEntry] { get }
  /// Free text that the writer added.
  var metadata: [String: String] { get }
  /// What the file holds beside its tensors, such as a training's options; nil for nothing.
  var document: CheckpointValue? { get }

  /// The tensor of this name; other types than 32-bit floats are converted.
  ///
  /// - Throws: `CheckpointError.missingEntry`, with the closest name there is.
  func tensor(_ name: String) throws -> Tensor

  /// The whole numbers of this name in row-major order.
  ///
  /// - Throws: `CheckpointError.missingEntry`; `.wrongElementType` for types with fractions.
  func integers(_ name: String) throws -> [Int]
}

/// One tensor of an archive.
public struct TensorEntry: Sendable, Equatable {
  /// Its name.
  public let name: String
  /// Type of its elements in the file.
  public let type: ElementType
  /// Extent along each axis.
  public let shape: Shape
  /// Entries with the same number are one and the same data; nil where an entry has its own.
  public let alias: Int?

  /// An entry as a file describes it.
  public init(name: String, type: ElementType, shape: Shape, alias: Int? = nil) {
    self.name = name
    self.type = type
    self.shape = shape
    self.alias = alias
  }
}

extension TensorArchive {
  /// Files of tensors alone have no document.
  public var document: CheckpointValue? { nil }

  /// All tensors by name; aliases share one tensor. Weights in 8 bits are multiplied with the scales
  /// of their rows, which then are no tensors of their own.
  ///
  /// - Parameter isWanted: whether the tensor of a name is read at all.
  /// - Throws: `CheckpointError`.
  public func tensors(
    where isWanted: (String) -> Bool = { _ in true }
  ) throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    var shared: [Int: Tensor] = [:]
    let scales = scalesOfRows
    let isScale = Set(scales.values.map(\.name))
    for entry in entries where !isScale.contains(entry.name) && isWanted(entry.name) {
      if let scale = scales[entry.name] {
        result[entry.name] = try QuantizedRows.weight(entry, scales: scale, in: self)
        continue
      }
      let tensor = try entry.alias.flatMap { shared[$0] } ?? tensor(entry.name)
      if let alias = entry.alias { shared[alias] = tensor }
      result[entry.name] = tensor
    }
    return result
  }

  /// The error for a name that is not there.
  func missing(_ name: String) -> CheckpointError {
    .missingEntry(
      file: path, entry: name, similar: closestName(to: name, among: entries.map(\.name)))
  }
}

/// Limits on what any archive may hold; no real checkpoint comes near.
enum TensorLimit {
  static let entries = 65_536
  static let rank = 8
  static let nameBytes = 1_024
  static let headerBytes = 100_000_000

  /// Checks the name, number of axes and size of one entry, whatever file it came from.
  static func check(name: String, shape: Shape, type: ElementType, file: String) throws {
    guard name.utf8.count <= nameBytes else {
      throw CheckpointError.overLimit(
        file: file, limit: "\(nameBytes) bytes",
        found: "a name of \(name.utf8.count) bytes, '\(name.prefix(40))...'")
    }
    guard shape.count <= rank else {
      throw CheckpointError.malformedEntry(
        file: file, entry: name, expected: "at most \(rank) axes", found: "\(shape.count)")
    }
    // Empty axes count as 1 here, so that the strides of an accepted shape never overflow.
    var bytes = type.size
    for extent in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: max(extent, 1))
      guard extent >= 0, !overflow else {
        throw CheckpointError.malformedEntry(
          file: file, entry: name, expected: "a size below 2^63 bytes", found: "the shape \(shape)")
      }
      bytes = product
    }
  }

  /// Checks the number of entries while they are being collected.
  static func check(count: Int, file: String) throws {
    guard count <= entries else {
      throw CheckpointError.overLimit(
        file: file, limit: "\(entries) entries", found: "more entries")
    }
  }
}
