import Foundation

/// A file that lies read-only in memory for as long as something refers to it.
///
/// The pages are read from disk when they are first touched, and several processes share them.
/// The mapping never changes after `init`: that is the promise behind `@unchecked Sendable`. A
/// file that another program shortens while it is mapped ends this process (SIGBUS); files that
/// are replaced by renaming, as `writeAtomically` does, are safe.
public final class MappedFile: @unchecked Sendable {
  /// Where the file was found.
  public let path: String
  /// All bytes of the file.
  public let bytes: UnsafeRawBufferPointer

  /// Maps a regular file.
  ///
  /// - Throws: `CheckpointError.cannotRead`.
  public init(path: String) throws {
    // Without O_NONBLOCK the call would wait for ever on a pipe that nobody writes.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw CheckpointError.cannotRead(file: path, reason: systemMessage(errno))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw CheckpointError.cannotRead(file: path, reason: systemMessage(errno))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR:
      throw CheckpointError.cannotRead(
        file: path, reason: "it is a directory; name the file inside it")
    default:
      throw CheckpointError.cannotRead(file: path, reason: "it is not a regular file")
    }
    let count = Int(status.st_size)
    self.path = path
    guard count > 0 else {
      self.bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      start != MAP_FAILED
    else {
      throw CheckpointError.cannotRead(file: path, reason: systemMessage(errno))
    }
    self.bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}

/// The system's own words for an error number, such as "No such file or directory".
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
