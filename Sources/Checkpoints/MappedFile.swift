import Foundation
import Tensors

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
  private let isMapped: Bool

  /// Maps a regular file.
  ///
  /// - Throws: `CheckpointError.cannotRead`.
  public convenience init(path: String) throws {
    // Without O_NONBLOCK the call would wait for ever on a pipe that nobody writes.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw CheckpointError.cannotRead(file: path, reason: systemMessage(errno))
    }
    defer { close(descriptor) }
    try self.init(descriptor: descriptor, path: path)
  }

  /// Maps an open file, which the caller closes afterwards.
  ///
  /// - Throws: `CheckpointError.cannotRead`.
  init(descriptor: Int32, path: String) throws {
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
    self.isMapped = true
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

  /// Keeps a copy of a few bytes that came from no file of their own.
  init(copying bytes: [UInt8], path: String) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    copy.copyBytes(from: bytes)
    self.path = path
    self.bytes = UnsafeRawBufferPointer(copy)
    self.isMapped = false
  }

  deinit {
    guard isMapped else { return bytes.deallocate() }
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }

  /// The elements that lie row-major in `bytes`, a part of this file.
  ///
  /// Aligned 32-bit floats are not copied: the tensor refers to the file.
  func tensor(_ bytes: UnsafeRawBufferPointer, type: ElementType, shape: Shape) -> Tensor {
    let count = shape.elementCount
    if type == .float32, count > 0, let start = bytes.baseAddress,
      UInt(bitPattern: start) % 4 == 0
    {
      let floats = start.assumingMemoryBound(to: Float.self)
      return Tensor(
        shape: shape,
        storage: Storage(borrowing: floats, count: count, owner: self, isMapped: isMapped))
    }
    return withExtendedLifetime(self) {
      Tensor(shape: shape) { type.convert(bytes, to: $0) }
    }
  }
}

/// The system's own words for an error number, such as "No such file or directory".
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
