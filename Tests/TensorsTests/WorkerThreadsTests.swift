import Foundation
import Synchronization
import Testing

@testable import Tensors

struct WorkerThreadsTests {
  @Test func everyPieceRunsOnce() {
    for pieces in [0, 1, 2, 3, 17, 1000] {
      let counts = (0..<max(pieces, 1)).map { _ in Counter() }
      WorkerThreads.shared.run(pieces: pieces, helpers: 3) { counts[$0].add() }
      #expect(counts.prefix(pieces).allSatisfy { $0.value == 1 }, "\(pieces)")
    }
  }

  @Test func loopsWithinLoopsAndBesideLoops() {
    let total = Counter()
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<200 {
        WorkerThreads.shared.run(pieces: 5, helpers: 2) { _ in
          WorkerThreads.shared.run(pieces: 3, helpers: 1) { _ in total.add() }
        }
      }
    }
    #expect(total.value == 8 * 200 * 5 * 3)
  }

  @Test func loopsAfterAPause() {
    let total = Counter()
    for _ in 0..<20 {
      Thread.sleep(forTimeInterval: 0.002)
      WorkerThreads.shared.run(pieces: 4, helpers: 1) { _ in total.add() }
    }
    #expect(total.value == 80)
  }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  func add() { count.wrappingAdd(1, ordering: .relaxed) }
  var value: Int { count.load(ordering: .relaxed) }
}
