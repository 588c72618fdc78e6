import Foundation

/// Standard input, read whole.
enum StandardInput {
  /// The most that is read, 256 MiB: more is not a picture and not a matrix that anybody typed.
  static let limit = 256 << 20

  /// All bytes until the end.
  ///
  /// - Throws: `Failure` with the code 65 beyond the limit, 74 when reading breaks off.
  static func readAll() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &piece, piece.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(
          .readWrite, "standard input: reading failed: \(String(cString: strerror(errno)))")
      }
      bytes += piece[..<count]
      if bytes.count > limit {
        throw Failure(
          .badData, "standard input: more than \(limit >> 20) MiB, which is the limit")
      }
    }
  }
}
