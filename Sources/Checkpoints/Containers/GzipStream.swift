import CZlib

/// Inflates a gzip file piece by piece, within a bound.
///
/// Deflate shrinks zeros about a thousandfold; weights hardly shrink at all. A file may grow to 64
/// times its size, or to 256 MiB, whichever is more.
final class GzipStream {
  static let ratio = 64
  static let freeBytes = 256 << 20

  private let input: UnsafeRawBufferPointer
  private let file: String
  private let limit: Int
  // zlib remembers where its record lies, so the record must not move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var consumed = 0
  private var produced = 0
  private var isAtEnd = false

  init(_ input: UnsafeRawBufferPointer, file: String) {
    self.input = input
    self.file = file
    let (scaled, overflow) = input.count.multipliedReportingOverflow(by: Self.ratio)
    limit = max(Self.freeBytes, overflow ? .max : scaled)
    stream.initialize(to: z_stream())
    // 16 + 15: a gzip header and the largest window.
    let status = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib cannot begin: \(status)")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  private func malformed(_ expected: String, found: String) -> CheckpointError {
    .malformed(file: file, format: "gzip file", expected: expected, found: found)
  }

  /// Fills `buffer` from its beginning; fewer bytes than it holds come at the end only.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count, !isAtEnd {
      let room = buffer.count - filled
      let step = try inflateOnce(
        UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), room: min(room, 1 << 30))
      filled += step
      produced += step
      guard produced <= limit else {
        throw CheckpointError.overLimit(
          file: file, limit: "\(limit) for a file of \(input.count) bytes",
          found: "more than \(limit) bytes inside")
      }
    }
    return filled
  }

  private func inflateOnce(
    _ buffer: UnsafeMutableRawBufferPointer, room: Int
  ) throws -> Int {
    let offered = min(input.count - consumed, 1 << 30)
    let source = input.baseAddress! + consumed
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: source.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(offered)
    stream.pointee.next_out = buffer.baseAddress!.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    let status = inflate(stream, Z_NO_FLUSH)
    consumed += offered - Int(stream.pointee.avail_in)
    let made = room - Int(stream.pointee.avail_out)
    switch status {
    case Z_OK: break
    case Z_STREAM_END:
      let rest = input[consumed...]
      if rest.starts(with: [0x1F, 0x8B]) {
        inflateReset(stream)
      } else {
        isAtEnd = true
        guard rest.allSatisfy({ $0 == 0 }) else {
          throw malformed("nothing after the compressed data", found: "\(rest.count) bytes")
        }
      }
    case Z_BUF_ERROR:
      throw malformed("more compressed data", found: "the end of the file; it is cut off")
    default:
      let words = stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)"
      throw malformed("compressed data", found: "\(words), near byte \(consumed)")
    }
    return made
  }
}
