import Foundation

/// The `.index.json` of weights that are spread over several files: which tensor lies in which.
struct ShardIndex {
  static let shardLimit = 1_024

  /// The file of each tensor, in the order of the index.
  private(set) var files: [(tensor: String, file: String)] = []
  private let path: String

  init(file: String, bytes: UnsafeRawBufferPointer) throws {
    path = file
    guard bytes.count <= TensorLimit.headerBytes else {
      throw CheckpointError.overLimit(
        file: file, limit: "\(TensorLimit.headerBytes) bytes", found: "\(bytes.count) bytes")
    }
    var scanner = HeaderScanner(bytes)
    var hasMap = false
    do {
      try scanner.object { scanner, key in
        guard key == "weight_map" else { return try scanner.skipValue(depth: 1) }
        guard !hasMap else { throw malformed("one 'weight_map'", found: "two") }
        hasMap = true
        try parseMap(&scanner)
      }
      try scanner.expectEnd()
    } catch let failure as HeaderScanner.Failure {
      throw malformed(failure.expected, found: failure.found)
    }
    guard hasMap, !files.isEmpty else {
      throw malformed("a 'weight_map' with the file of each tensor", found: "none")
    }
  }

  private mutating func parseMap(_ scanner: inout HeaderScanner) throws {
    var names: Set<String> = []
    var shards: Set<String> = []
    try scanner.object { scanner, name in
      try TensorLimit.check(name: name, shape: [], type: .uint8, file: path)
      try TensorLimit.check(count: files.count + 1, file: path)
      guard names.insert(name).inserted else {
        throw CheckpointError.malformedEntry(
          file: path, entry: name, expected: "one entry of this name", found: "two")
      }
      let file = try scanner.string()
      guard Self.isPlain(file) else {
        throw CheckpointError.malformedEntry(
          file: path, entry: name, expected: "the plain name of a file beside the index",
          found: "'\(file)'")
      }
      shards.insert(file)
      guard shards.count <= Self.shardLimit else {
        throw CheckpointError.overLimit(
          file: path, limit: "\(Self.shardLimit) files", found: "more files")
      }
      files.append((name, file))
    }
  }

  /// Whether the name leads nowhere else than into the index's own folder.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 255 && !name.hasPrefix(".")
      && !name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0.value < 0x20 }
  }

  private func malformed(_ expected: String, found: String) -> CheckpointError {
    .malformed(file: path, format: "index of weights", expected: expected, found: found)
  }
}
