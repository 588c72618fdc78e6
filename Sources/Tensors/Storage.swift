import CKernels

/// A block of 32-bit floats in memory: the one place of the project that owns raw floats.
///
/// A storage is written only by the code that created it, before anybody else can see it, or
/// through a `Tensor` that knows it is the only owner (copy on write). That is the promise behind
/// `@unchecked Sendable`.
public final class Storage: @unchecked Sendable {
  /// First float, aligned to 64 bytes unless the memory belongs to somebody else.
  public let pointer: UnsafeMutablePointer<Float>
  /// Number of floats.
  public let count: Int
  /// Keeps memory alive that is not ours, such as a mapped file; such memory is read-only.
  let owner: AnyObject?
  /// What the allocator has to know when the memory goes back.
  private let room: Int
  /// Whether the system can drop pages and read them again from a file.
  private let isMapped: Bool

  /// Allocates `count` floats of undefined content.
  ///
  /// - Parameter lasting: whether the storage stays as long as a model, and is not one of many that
  ///   come and go with every operation.
  public init(count: Int, lasting: Bool = false) {
    precondition(count >= 0, "a storage cannot hold \(count) floats")
    var room = 0
    guard let memory = kernel_allocate(count, lasting ? 1 : 0, &room) else {
      fatalError("out of memory: \(count) floats (\(count / 262_144) MiB) could not be allocated")
    }
    self.pointer = memory
    self.count = count
    self.owner = nil
    self.room = room
    isMapped = false
  }

  /// Refers to `count` read-only floats that `owner` keeps alive.
  ///
  /// - Parameter isMapped: whether the memory is mapped from a file that does not change.
  public init(
    borrowing pointer: UnsafePointer<Float>, count: Int, owner: AnyObject, isMapped: Bool = false
  ) {
    self.pointer = UnsafeMutablePointer(mutating: pointer)
    self.count = count
    self.owner = owner
    room = 0
    self.isMapped = isMapped
  }

  deinit {
    if owner == nil { kernel_free(pointer, room) }
  }

  /// Bytes in use and kept for later, and what both together may be; see `kernel_allocate`.
  static var recycled: (used: Int, kept: Int, bound: Int) {
    let state = kernel_memory_state()
    return (state.used, state.kept, state.bound)
  }

  /// Takes memory that is mapped from a file out of the process, until it is read again. The content
  /// stays as it is, and other memory stays where it is.
  func giveBackPages(_ elements: Range<Int>) {
    guard isMapped else { return }
    _ = kernel_forget(
      pointer + elements.lowerBound, elements.count * MemoryLayout<Float>.stride)
  }
}
