import Foundation
import Tensors

/// Random numbers one after the other, each a pure function of the key and its position.
struct RandomStream {
  private let key: RandomKey
  private var position: UInt64 = 0

  init(_ key: RandomKey) { self.key = key }

  /// A number in `[0, 1)`.
  mutating func uniform() -> Float {
    defer { position += 1 }
    return key.uniform(at: position)
  }

  /// A number in a range.
  mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A number whose logarithm is spread evenly.
  mutating func logUniform(_ range: ClosedRange<Float>) -> Float {
    exp(uniform(log(range.lowerBound)...log(range.upperBound)))
  }

  /// A whole number below `bound`.
  mutating func integer(below bound: Int) -> Int {
    defer { position += 1 }
    return key.integer(at: position, below: bound)
  }

  /// A whole number in a range.
  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + integer(below: range.count)
  }

  /// True with the probability.
  mutating func chance(_ probability: Float) -> Bool { uniform() < probability }

  /// One of the elements; nil of none.
  mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[integer(below: elements.count)]
  }

  /// The elements in a random order.
  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      result.swapAt(last, integer(below: last + 1))
    }
    return result
  }
}
