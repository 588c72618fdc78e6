import Foundation

/// Makes items ahead of their use, on threads of its own, and hands them out in order.
///
/// At most `ahead` items are ready or being made, so memory stays bounded however slow the
/// consumer is. An error takes its item's place and is thrown to the consumer.
package final class Prefetcher<Item: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private let ahead: Int
  private let end: Int
  private let make: @Sendable (Int) throws -> Item
  // Everything below is guarded by `condition`.
  private var ready: [Int: Result<Item, any Error>] = [:]
  private var nextToMake: Int
  private var nextToTake: Int
  private var isStopped = false
  private var running = 0

  /// Starts making the items `range`.
  ///
  /// - Parameters:
  ///   - ahead: items made ahead at most.
  ///   - threads: threads that make them.
  ///   - make: makes the item of a number; called on those threads.
  package init(
    _ range: Range<Int>, ahead: Int = 4, threads: Int = 1,
    make: @escaping @Sendable (Int) throws -> Item
  ) {
    self.ahead = ahead
    self.make = make
    end = range.upperBound
    nextToMake = range.lowerBound
    nextToTake = range.lowerBound
    running = threads
    for _ in 0..<threads {
      let thread = Thread { [self] in work() }
      thread.name = "loader"
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// The next item; waits until it is made.
  package func next() throws -> Item {
    condition.lock()
    defer { condition.unlock() }
    precondition(nextToTake < end && !isStopped, "there is no item \(nextToTake)")
    while true {
      if let result = ready.removeValue(forKey: nextToTake) {
        nextToTake += 1
        condition.broadcast()
        return try result.get()
      }
      condition.wait()
    }
  }

  /// Ends the threads and waits until they have ended; items not taken are dropped.
  package func stop() {
    condition.lock()
    isStopped = true
    condition.broadcast()
    while running > 0 { condition.wait() }
    ready.removeAll()
    condition.unlock()
  }

  private func work() {
    condition.lock()
    while true {
      while !isStopped, nextToMake < end, nextToMake >= nextToTake + ahead { condition.wait() }
      if isStopped || nextToMake >= end { break }
      let number = nextToMake
      nextToMake += 1
      condition.unlock()
      let result = Result { try make(number) }
      condition.lock()
      ready[number] = result
      condition.broadcast()
    }
    running -= 1
    condition.broadcast()
    condition.unlock()
  }
}
