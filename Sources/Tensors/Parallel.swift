import Dispatch
import Foundation
import Synchronization

/// The one parallel loop of the project.
///
/// Work is cut into pieces by its shape alone, never by the number of threads, and no piece reads
/// what another writes: the bits of a result therefore do not depend on how many threads ran.
public enum Parallel {
  private static let limit = Atomic<Int>(ProcessInfo.processInfo.activeProcessorCount)

  /// Number of threads that a loop may use; by default one a core.
  public static var threads: Int {
    get { limit.load(ordering: .relaxed) }
    set { limit.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Runs `body` for every piece in `0..<pieces`, on several threads, and waits for all.
  ///
  /// - Parameters:
  ///   - pieces: number of pieces; each must be worth some microseconds.
  ///   - body: the work of one piece; it must not touch what other pieces write.
  public static func forEach(_ pieces: Int, _ body: (Int) -> Void) {
    let workers = min(threads, pieces)
    guard workers > 1 else {
      for piece in 0..<max(pieces, 0) { body(piece) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let work = Work(body)
      let next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: workers) { _ in
        while true {
          let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if piece >= pieces { return }
          work.body(piece)
        }
      }
    }
  }

  /// Runs `body` for consecutive ranges that cover `0..<count`, each of `grain` elements at most.
  public static func forEachRange(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let pieces = (count + grain - 1) / max(grain, 1)
    forEach(pieces) { piece in body(piece * grain..<min(count, (piece + 1) * grain)) }
  }

  /// Carries the loop's body over to the workers; the loop returns only when all are done.
  private struct Work: @unchecked Sendable {
    let body: (Int) -> Void
    init(_ body: @escaping (Int) -> Void) { self.body = body }
  }
}
