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

  /// Allocates `count` floats of undefined content.
  public init(count: Int) {
    precondition(count >= 0, "a storage cannot hold \(count) floats")
    guard let memory = kernel_allocate(count) else {
      fatalError("out of memory: \(count) floats (\(count / 262_144) MiB) could not be allocated")
    }
    self.pointer = memory
    self.count = count
    self.owner = nil
  }

  /// Refers to `count` read-only floats that `owner` keeps alive.
  public init(borrowing pointer: UnsafePointer<Float>, count: Int, owner: AnyObject) {
    self.pointer = UnsafeMutablePointer(mutating: pointer)
    self.count = count
    self.owner = owner
  }

  deinit {
    if owner == nil { kernel_free(pointer) }
  }
}
