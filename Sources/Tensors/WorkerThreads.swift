import CKernels
import Foundation
import Synchronization

/// Threads that help with the pieces of loops.
///
/// A forward pass is hundreds of short loops one after the other. Between them the threads look out
/// for the next one for some tens of microseconds before they go to sleep, because waking a thread
/// costs as long as many of these loops take. Any number of loops may run at the same time: each is
/// driven by the thread that began it, and finishes even if nobody helps.
final class WorkerThreads: @unchecked Sendable {
  static let shared = WorkerThreads()

  /// One loop that is running.
  final class Loop: @unchecked Sendable {
    private let pieces: Int
    /// Lies on the stack of the thread that began the loop, which waits for the helpers.
    private let body: UnsafePointer<(Int) -> Void>
    private let next = Atomic<Int>(0)
    /// Helpers that are at work on it.
    let active = Atomic<Int>(0)
    /// Helpers that may still join; guarded by the lock of the threads.
    fileprivate var vacancies: Int

    init(pieces: Int, helpers: Int, _ body: UnsafePointer<(Int) -> Void>) {
      self.pieces = pieces
      self.body = body
      vacancies = helpers
    }

    fileprivate var isExhausted: Bool { next.load(ordering: .relaxed) >= pieces }

    /// Takes pieces until none is left.
    func work() {
      while true {
        let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if piece >= pieces { return }
        body.pointee(piece)
      }
    }
  }

  private let condition = NSCondition()
  // Guarded by the condition's lock.
  private var loops: [Loop] = []
  private var started = 0
  private var sleeping = 0
  /// Counts the loops that were begun; watched without the lock.
  private let begun = Atomic<Int>(0)

  /// Looks at the counter before a thread goes to sleep: some tens of microseconds.
  private static let patience = 3_000

  /// Runs the loop on this thread and, as far as they come in time, on `helpers` others.
  func run(pieces: Int, helpers: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { run(pieces: pieces, helpers: helpers, $0) }
    }
  }

  private func run(pieces: Int, helpers: Int, _ body: UnsafePointer<(Int) -> Void>) {
    let loop = Loop(pieces: pieces, helpers: helpers, body)
    condition.lock()
    while started < helpers { start() }
    loops.append(loop)
    begun.wrappingAdd(1, ordering: .releasing)
    if sleeping > 0 { condition.broadcast() }
    condition.unlock()
    loop.work()
    condition.lock()
    loops.removeAll { $0 === loop }
    condition.unlock()
    var looks = 0
    while loop.active.load(ordering: .acquiring) > 0 {
      looks += 1
      if looks < Self.patience { kernel_pause() } else { sched_yield() }
    }
  }

  private func start() {
    started += 1
    let thread = Thread { [self] in help() }
    thread.name = "loop \(started)"
    thread.stackSize = 4 << 20
    thread.start()
  }

  private func help() {
    while true {
      let seen = begun.load(ordering: .acquiring)
      condition.lock()
      let loop = loops.first { $0.vacancies > 0 && !$0.isExhausted }
      if let loop {
        loop.vacancies -= 1
        loop.active.wrappingAdd(1, ordering: .relaxed)
      }
      condition.unlock()
      if let loop {
        loop.work()
        loop.active.wrappingSubtract(1, ordering: .releasing)
      } else {
        waitForLoop(after: seen)
      }
    }
  }

  private func waitForLoop(after seen: Int) {
    for _ in 0..<Self.patience {
      if begun.load(ordering: .acquiring) != seen { return }
      kernel_pause()
    }
    condition.lock()
    sleeping += 1
    while begun.load(ordering: .acquiring) == seen { condition.wait() }
    sleeping -= 1
    condition.unlock()
  }
}
