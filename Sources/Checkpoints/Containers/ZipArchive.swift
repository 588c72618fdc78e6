import CZlib

/// A zip archive of ordinary files, whose members may be compressed (deflate).
public struct ZipArchive: Sendable {
  /// Where it was found.
  public let path: String
  private let file: MappedFile
  private let members: [String: Range<Int>]
  private let inflatedSizes: [String: Int]

  /// Bytes that one member may have.
  private static let memberBytes = 1 << 30

  /// Opens an archive and reads its directory.
  ///
  /// - Throws: `CheckpointError` where it is missing or no zip archive.
  public init(path: String) throws {
    let file = try MappedFile(path: path)
    let directory = try ZipDirectory(file: path, bytes: file.bytes, acceptsCompressed: true)
    self.path = path
    self.file = file
    members = directory.members
    inflatedSizes = directory.inflatedSizes
  }

  /// The names of all members, sorted.
  public var names: [String] { members.keys.sorted() }

  /// The content of a member; nil where there is none of this name.
  ///
  /// - Throws: `CheckpointError` where the compressed data are damaged.
  public func bytes(of name: String) throws -> [UInt8]? {
    guard let range = members[name] else { return nil }
    let stored = UnsafeRawBufferPointer(rebasing: file.bytes[range])
    return try withExtendedLifetime(file) {
      guard let size = inflatedSizes[name] else { return Array(stored) }
      return try inflated(stored, size: size, name: name)
    }
  }

  private func inflated(
    _ stored: UnsafeRawBufferPointer, size: Int, name: String
  ) throws -> [UInt8] {
    guard size <= Self.memberBytes else {
      throw CheckpointError.overLimit(
        file: path, limit: "\(Self.memberBytes) bytes", found: "'\(name)' of \(size) bytes")
    }
    if size == 0 { return [] }
    var status = Z_MEM_ERROR
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      var stream = z_stream()
      // Minus 15: no header, the largest window.
      status = inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      guard status == Z_OK else { return }
      defer { inflateEnd(&stream) }
      stream.next_in = UnsafeMutablePointer(
        mutating: stored.baseAddress?.assumingMemoryBound(to: UInt8.self))
      stream.avail_in = UInt32(clamping: stored.count)
      stream.next_out = buffer.baseAddress
      stream.avail_out = UInt32(size)
      status = inflate(&stream, Z_FINISH)
      filled = size - Int(stream.avail_out)
    }
    guard status == Z_STREAM_END, bytes.count == size else {
      throw CheckpointError.malformed(
        file: path, format: "zip archive", expected: "\(size) bytes of '\(name)'",
        found: status == Z_STREAM_END ? "\(bytes.count)" : "compressed data that cannot be inflated"
      )
    }
    return bytes
  }
}
