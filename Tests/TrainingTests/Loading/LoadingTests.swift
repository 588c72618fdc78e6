import Foundation
import Synchronization
import Tensors
import Testing
import Training

struct TaskMixerTests {
  @Test func keepsTheRatios() {
    let mixer = TaskMixer(seed: 1, ratios: [2, 0, 1, 1])
    let counts = mixer.counts(before: 20_000)
    #expect(counts[1] == 0 && counts.reduce(0, +) == 20_000)
    for (count, share) in zip(counts, [0.5, 0, 0.25, 0.25]) {
      #expect(abs(Double(count) / 20_000 - share) < 0.01)
    }
  }

  @Test func dependsOnSeedAndStepAlone() {
    let steps = 0..<200
    let mixer = TaskMixer(seed: 1, ratios: [1, 1])
    let tasks = steps.map { mixer.task(at: $0) }
    #expect(steps.reversed().map { mixer.task(at: $0) } == tasks.reversed())
    #expect(steps.map { TaskMixer(seed: 1, ratios: [3, 3]).task(at: $0) } == tasks)
    #expect(steps.map { TaskMixer(seed: 2, ratios: [1, 1]).task(at: $0) } != tasks)
  }
}

struct ShuffledBatchesTests {
  struct Odd: Error, CustomStringConvertible { let description = "it is odd" }

  func batches(_ count: Int, size: Int, seed: UInt64 = 1, fails: Bool = false) throws
    -> ShuffledBatches<Int, [Int]>
  {
    try ShuffledBatches(
      task: "numbers", seed: seed, sampleCount: count, batchSize: size, fingerprint: "",
      load: { index, _ in
        if fails, index % 2 == 1 { throw Odd() }
        return index
      }, collate: { $0 })
  }

  @Test func anEpochHoldsEverySampleOnce() throws {
    let source = try batches(10, size: 4)
    let all = try (0..<5).flatMap { try source.batch($0) }
    #expect(all[0..<10].sorted() == Array(0..<10))
    #expect(all[10..<20].sorted() == Array(0..<10))
    #expect(all[0..<10] != all[10..<20])
    #expect(source.samples(of: 2).map(\.epoch) == [0, 0, 1, 1])
  }

  @Test func aBatchDependsOnItsNumberAlone() throws {
    let first = try batches(10, size: 4)
    let second = try batches(10, size: 4)
    let numbers = [90, 3, 41, 0]
    #expect(try numbers.map(first.batch) == numbers.reversed().map(second.batch).reversed())
    #expect(try batches(10, size: 4, seed: 2).batch(0) != first.batch(0))
  }

  @Test func aBatchMayBeLargerThanAnEpoch() throws {
    #expect(try batches(3, size: 7).batch(1).count == 7)
  }

  @Test func anErrorNamesTheSample() throws {
    let source = try batches(2, size: 2, fails: true)
    let error = #expect(throws: TrainingError.self) { try source.batch(0) }
    #expect("\(error!)" == "task 'numbers', sample 1: it is odd")
    #expect(throws: TrainingError.emptyTask(task: "numbers")) { try batches(0, size: 1) }
  }
}

struct PrefetcherTests {
  struct Broken: Error, Equatable { let number: Int }

  @Test(arguments: [1, 2, 5]) func keepsTheOrder(threads: Int) throws {
    let loader = Prefetcher(3..<50, ahead: 4, threads: threads) { number in
      usleep(UInt32(number * 7919 % 900))
      return number
    }
    #expect(try (3..<50).map { _ in try loader.next() } == Array(3..<50))
    loader.stop()
  }

  @Test func doesNotRunFarAhead() throws {
    let made = Mutex(0)
    let loader = Prefetcher(0..<100, ahead: 4, threads: 3) { number in
      made.withLock { $0 += 1 }
      return number
    }
    _ = try loader.next()
    usleep(50_000)
    #expect(made.withLock { $0 } == 5)
    loader.stop()
    #expect(made.withLock { $0 } == 5)
  }

  @Test func anErrorComesInItsPlace() throws {
    let loader = Prefetcher(0..<6, ahead: 3, threads: 2) { number in
      if number == 2 { throw Broken(number: number) }
      return number
    }
    #expect(try loader.next() == 0)
    #expect(try loader.next() == 1)
    #expect(throws: Broken(number: 2)) { try loader.next() }
    #expect(try loader.next() == 3)
    loader.stop()
  }

  @Test func stopsWhileNobodyTakes() {
    for _ in 0..<20 {
      Prefetcher(0..<1000, ahead: 2, threads: 4) { $0 }.stop()
    }
  }
}
