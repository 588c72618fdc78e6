import Synchronization

/// The one parallel loop of the project.
///
/// No piece reads what another writes, and work is cut either by its shape alone or, as packed
/// products are, so that an element's bits are the same however it is cut: the bits of a result do
/// not depend on how many threads ran.
public enum Parallel {
  private static let limit = Atomic<Int>(Processors.available)

  /// Number of threads that a loop may use; by default one for each processor that the process may
  /// use.
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
    WorkerThreads.shared.run(pieces: pieces, helpers: workers - 1, body)
  }

  /// Runs `body` for consecutive ranges that cover `0..<count`, each of `grain` elements at most.
  public static func forEachRange(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let pieces = (count + grain - 1) / max(grain, 1)
    forEach(pieces) { piece in body(piece * grain..<min(count, (piece + 1) * grain)) }
  }
}
