import Foundation
import Tensors

/// Read-only zeros that take address space and no memory: the system backs all of it with one page.
final class ZeroPages {
  private let start: UnsafeMutableRawPointer
  private let bytes: Int

  /// Zeros for `count` floats.
  init(count: Int) {
    bytes = max(count, 1) * MemoryLayout<Float>.stride
    guard let start = mmap(nil, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      start != MAP_FAILED
    else {
      fatalError("out of address space: \(bytes >> 20) MiB could not be reserved")
    }
    self.start = start
  }

  deinit { munmap(start, bytes) }

  /// A tensor of zeros that nobody has to fill.
  static func tensor(_ shape: Shape) -> Tensor {
    let count = shape.elementCount
    let pages = ZeroPages(count: count)
    return Tensor(
      shape: shape,
      storage: Storage(
        borrowing: pages.start.assumingMemoryBound(to: Float.self), count: count, owner: pages))
  }
}
