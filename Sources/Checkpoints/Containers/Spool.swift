import Foundation

/// Bytes that come piece by piece and are to be read in any order afterwards.
///
/// A few stay in memory; more go to a temporary file that has no name any more, so that nothing is
/// left behind whatever happens.
struct Spool {
  private static let memoryBytes = 1 << 20

  private let path: String
  private var memory: [UInt8] = []
  private var descriptor: Int32?

  /// - Parameter path: the name under which the bytes are known in messages.
  init(path: String) { self.path = path }

  mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    if descriptor == nil, memory.count + bytes.count <= Self.memoryBytes {
      memory.append(contentsOf: bytes)
      return
    }
    let file: Int32
    if let descriptor {
      file = descriptor
    } else {
      file = try Self.unnamedFile(for: path)
      descriptor = file
      try memory.withUnsafeBytes { try writeAll($0, to: file, path: path) }
      memory = []
    }
    try writeAll(bytes, to: file, path: path)
  }

  /// Ends the writing and gives the bytes, or drops them.
  mutating func finish() throws -> MappedFile {
    defer { discard() }
    guard let descriptor else { return MappedFile(copying: memory, path: path) }
    return try MappedFile(descriptor: descriptor, path: path)
  }

  /// Drops what is there.
  mutating func discard() {
    if let descriptor { close(descriptor) }
    descriptor = nil
    memory = []
  }

  private static func unnamedFile(for path: String) throws -> Int32 {
    let folder = NSTemporaryDirectory() as NSString
    var template = Array(folder.appendingPathComponent("unit-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw CheckpointError.cannotRead(
        file: path, reason: "no temporary file in '\(folder)': \(systemMessage(errno))")
    }
    unlink(template)
    return descriptor
  }
}
