import Synchronization
import Testing

@testable import Tensors

/// Blocks that are given back are taken again, and never more of them are kept than the bound says.
@Suite(.serialized) struct StorageTests {
  private func sizes(seed: UInt64, count: Int) -> [Int] {
    let key = RandomKey(seed: seed)
    return (0..<count).map { Int(key.uniform(at: UInt64($0)) * 600_000) + 1 }
  }

  @Test func memoryIsAligned() {
    for lasting in [false, true] {
      let storages = sizes(seed: 1, count: 40).map { Storage(count: $0, lasting: lasting) }
      for storage in storages { #expect(UInt(bitPattern: storage.pointer) % 64 == 0) }
    }
    #expect(Storage(count: 0).count == 0)
  }

  @Test func blocksDoNotOverlap() {
    let storages = sizes(seed: 2, count: 60).map { Storage(count: $0, lasting: $0 % 3 == 0) }
    let ranges = storages.map { storage in
      let start = UInt(bitPattern: storage.pointer)
      return start..<start + UInt(4 * storage.count)
    }.sorted { $0.lowerBound < $1.lowerBound }
    for (one, next) in zip(ranges, ranges.dropFirst()) {
      #expect(one.upperBound <= next.lowerBound)
    }
  }

  @Test func whatIsUsedAndKeptStaysBelowTheBound() {
    for size in sizes(seed: 3, count: 300) {
      var storages: [Storage] = []
      for part in 1...3 { storages.append(Storage(count: size / part + 1)) }
      let state = Storage.recycled
      #expect(state.used + state.kept <= state.bound)
      storages.removeAll()
      let later = Storage.recycled
      #expect(later.used + later.kept <= later.bound)
    }
  }

  @Test func anUnusedPeakIsForgotten() {
    let large = 64 << 20
    var storage: Storage? = Storage(count: large / 4)
    #expect(storage?.count == large / 4)
    storage = nil
    for _ in 0..<20_000 { _ = Storage(count: 32_768) }
    // Other tests run beside this one; none of them needs so much.
    #expect(Storage.recycled.kept < large)
  }

  @Test func aSteadyLoopTakesNoFreshMemory() {
    func pass() -> Float {
      var last = Tensor(repeating: 1, shape: [512, 700])
      for width in [900, 300, 1200, 64] {
        last = Tensor(repeating: last.elements[0], shape: [512, width])
      }
      return last.elements[0]
    }
    #expect(pass() == 1)
    let pointers = (0..<8).map { _ in
      let storage = Storage(count: 555_555)
      return UInt(bitPattern: storage.pointer) >> 12
    }
    #expect(Set(pointers).count <= 2, "one block, or another that a test beside this one gave back")
  }

  @Test func threadsDoNotDisturbOneAnother() {
    let mistakes = Atomic<Int>(0)
    Parallel.forEach(16) { thread in
      var held: [(storage: Storage, mark: Float)] = []
      for (step, size) in sizes(seed: UInt64(100 + thread), count: 120).enumerated() {
        let storage = Storage(count: size, lasting: step % 7 == 0)
        let mark = Float(thread * 1000 + step)
        storage.pointer.update(repeating: mark, count: size)
        held.append((storage, mark))
        guard held.count > 5 else { continue }
        let (first, expected) = held.removeFirst()
        let isIntact = (0..<first.count).allSatisfy { first.pointer[$0] == expected }
        if !isIntact { mistakes.wrappingAdd(1, ordering: .relaxed) }
      }
    }
    #expect(mistakes.load(ordering: .relaxed) == 0)
  }

  @Test func memoryThatIsNotMappedKeepsItsContent() {
    let tensor = Tensor(repeating: 7, shape: [3 << 20])
    tensor.giveBackPages()
    #expect(tensor.elements.allSatisfy { $0 == 7 })
    let owner = Storage(count: 1 << 20)
    owner.pointer.update(repeating: 5, count: owner.count)
    let borrowed = Storage(borrowing: owner.pointer, count: owner.count, owner: owner)
    borrowed.giveBackPages(0..<owner.count)
    #expect((0..<owner.count).allSatisfy { owner.pointer[$0] == 5 })
  }
}
