import Foundation

/// The bytes of a JSON file, ready to be read in one go from front to back.
///
/// A regular file is mapped into memory: nothing of it is copied, and the system may drop pages that
/// were read. From a pipe the bytes are gathered first. A file that another program shortens while
/// it is read ends this process (SIGBUS).
public final class JSONFile: @unchecked Sendable {
  /// The most bytes that are taken from a pipe.
  public static let pipeLimit = 4 << 30

  /// Where the file was found.
  public let path: String
  /// All bytes; they stay as long as this object does.
  let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Opens a regular file or a pipe.
  ///
  /// - Throws: `JSONError` of the kind `cannotRead`.
  public init(path: String) throws {
    func failure(_ reason: String) -> JSONError {
      JSONError(.cannotRead, file: path, found: reason)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(String(cString: strerror(errno))) }
    self.path = path
    switch status.st_mode & S_IFMT {
    case S_IFREG where status.st_size == 0:
      isMapped = false
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    case S_IFREG:
      let count = Int(status.st_size)
      guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
        start != MAP_FAILED
      else { throw failure(String(cString: strerror(errno))) }
      madvise(start, count, MADV_SEQUENTIAL)
      isMapped = true
      bytes = UnsafeRawBufferPointer(start: start, count: count)
    case S_IFIFO, S_IFSOCK:
      isMapped = false
      bytes = UnsafeRawBufferPointer(try Self.gather(descriptor, failure))
    case S_IFDIR: throw failure("it is a folder; name the file inside it")
    default: throw failure("it is neither a file nor a pipe")
    }
  }

  deinit {
    guard let start = bytes.baseAddress else { return }
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    } else {
      UnsafeMutableRawPointer(mutating: start).deallocate()
    }
  }

  /// Reads the one value that the file must hold.
  ///
  /// - Parameter body: reads exactly one value.
  /// - Throws: `JSONError`, and what `body` throws.
  public func read<Value>(_ body: (inout JSONReader) throws -> Value) throws -> Value {
    try withBytes { try JSONReader.read($0, file: path, body) }
  }

  /// Gives the bytes to something that reads another format.
  public func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
    try withExtendedLifetime(self) { try body(bytes) }
  }

  private static func gather(
    _ descriptor: Int32, _ failure: (String) -> JSONError
  ) throws -> UnsafeMutableRawBufferPointer {
    var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
    var count = 0
    do {
      while true {
        if count == buffer.count {
          guard count < pipeLimit else { throw failure("more than \(pipeLimit) bytes in a pipe") }
          let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * count, alignment: 1)
          larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
          buffer.deallocate()
          buffer = larger
        }
        let taken = Foundation.read(descriptor, buffer.baseAddress! + count, buffer.count - count)
        if taken == 0 { break }
        if taken > 0 {
          count += taken
        } else if errno != EINTR {
          throw failure(String(cString: strerror(errno)))
        }
      }
    } catch {
      buffer.deallocate()
      throw error
    }
    return UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
  }
}
