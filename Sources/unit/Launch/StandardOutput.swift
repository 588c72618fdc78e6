import Foundation

/// Standard output, for results only.
enum StandardOutput {
  /// Thrown when the reader has closed the pipe: it has all it wanted, so the program ends quietly.
  struct ClosedPipe: Error {}

  /// Writes the whole text at once.
  ///
  /// - Throws: `ClosedPipe` or a `Failure` with the code 74.
  static func write(_ text: String) throws {
    try write(Array(text.utf8))
  }

  /// Writes all the bytes.
  ///
  /// - Throws: `ClosedPipe` or a `Failure` with the code 74.
  static func write(_ bytes: [UInt8]) throws {
    guard let code = writeAll(bytes, to: STDOUT_FILENO) else { return }
    if code == EPIPE { throw ClosedPipe() }
    throw Failure(
      .readWrite, "standard output: writing failed: \(String(cString: strerror(code)))",
      advice: "free some space, or send the result elsewhere with --output")
  }
}

/// Writes all the bytes to an open file; returns the error number if it broke off.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
  var done = 0
  while done < bytes.count {
    let count = bytes.withUnsafeBytes {
      Foundation.write(descriptor, $0.baseAddress! + done, bytes.count - done)
    }
    if count < 0 {
      if errno == EINTR { continue }
      return errno
    }
    done += count
  }
  return nil
}
