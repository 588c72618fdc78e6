import Support
import Testing

@testable import Tensors

/// Keys and values that are laid out once, followed by others.
@Suite struct AttentionMemoryTests {
  private let heads = 2
  private let queries = normal([3, 25, 24], 1)
  private let more = (key: normal([3, 7, 24], 2), value: normal([3, 7, 36], 3))

  private func flags(_ count: Int, _ seed: UInt64) -> [Bool] {
    Tensor.uniform([count], in: 0..<1, key: RandomKey(seed: seed)).elements.map { $0 < 0.7 }
  }

  /// `attention` over the memory's keys and the further ones, with a copy of all.
  private func joined(
    _ known: (key: Tensor, value: Tensor, padding: [Bool]?), padding: [Bool]?
  ) -> Tensor {
    let copies = 3 / known.key.shape[0]
    let count = known.key.shape[1]
    func all(_ tensor: Tensor, _ other: Tensor) -> Tensor {
      concatenated(
        [concatenated([Tensor](repeating: tensor, count: copies), axis: 0), other], axis: 1)
    }
    let first = known.padding ?? [Bool](repeating: true, count: known.key.shape[0] * count)
    let second = padding ?? [Bool](repeating: true, count: 3 * 7)
    let valid = (0..<3).flatMap { sample in
      let start = copies == 1 ? sample * count : 0
      return Array(first[start..<start + count]) + second[sample * 7..<(sample + 1) * 7]
    }
    return attention(
      query: queries, key: all(known.key, more.key), value: all(known.value, more.value),
      heads: heads, keyPadding: valid)
  }

  @Test(arguments: [1, 3], [5, 64, 300])
  func equalsAttentionOverAllKeys(samples: Int, keys: Int) {
    let key = normal([samples, keys, 24], 4)
    let value = normal([samples, keys, 36], 5)
    for padding in [nil, flags(samples * keys, 6)] {
      for further in [nil, flags(3 * 7, 7)] {
        let expected = joined((key, value, padding), padding: further)
        // Laid out by one instruction set and read by the others.
        let memory = AttentionMemory(key: key, value: value, heads: heads, keyPadding: padding)
        forEveryKernelLevel { _ in
          let found = attention(
            query: queries, memory: memory, key: more.key, value: more.value, keyPadding: further)
          expectClose(found, expected, absolute: 2e-6)
        }
      }
    }
  }

  @Test func noFurtherKeys() {
    let (key, value) = (normal([3, 70, 24], 4), normal([3, 70, 36], 5))
    let memory = AttentionMemory(key: key, value: value, heads: heads)
    expectClose(
      attention(
        query: queries, memory: memory, key: .zeros([3, 0, 24]), value: .zeros([3, 0, 36])),
      attention(query: queries, key: key, value: value, heads: heads), absolute: 2e-6)
  }

  @Test func aSampleGetsTheSameBitsAloneAndAmongOthers() {
    let (key, value) = (normal([1, 300, 24], 4), normal([1, 300, 36], 5))
    atOneKernelLevel {
      let memory = AttentionMemory(key: key, value: value, heads: heads)
      let together = attention(
        query: queries, memory: memory, key: more.key, value: more.value)
      for sample in 0..<3 {
        func own(_ tensor: Tensor) -> Tensor {
          tensor.sliced(axis: 0, range: sample..<sample + 1)
        }
        let alone = attention(
          query: own(queries), memory: memory, key: own(more.key), value: own(more.value))
        #expect(alone.elements == own(together).elements)
      }
    }
  }

  @Test func bitsDoNotDependOnTheNumberOfThreads() {
    let (query, key, value) = (
      normal([40, 25, 64], 1), normal([1, 900, 64], 2), normal([1, 900, 64], 3)
    )
    let further = normal([40, 9, 64], 4)
    expectSameBits {
      let memory = AttentionMemory(key: key, value: value, heads: 8)
      return attention(query: query, memory: memory, key: further, value: further)
    }
  }
}
