import Foundation

/// A counter-based source of random numbers: a pure function of key and position.
///
/// There is no hidden state: the same key gives the same numbers on every machine, in any order
/// and on any number of threads. The mixing function is the finaliser of SplitMix64
/// (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
public struct RandomKey: Sendable, Hashable {
  /// The key itself.
  public let bits: UInt64

  /// A key from a seed that a person chose.
  public init(seed: UInt64) { bits = RandomKey.mix(seed &+ 0x9E37_79B9_7F4A_7C15) }

  init(bits: UInt64) { self.bits = bits }

  /// A key that is independent of this one and of those of other numbers.
  public func folding(_ number: UInt64) -> RandomKey {
    RandomKey(bits: RandomKey.mix(bits ^ RandomKey.mix(number &+ 0x9E37_79B9_7F4A_7C15)))
  }

  /// A key that is independent of this one and of those of other texts.
  public func folding(_ text: String) -> RandomKey {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return folding(hash)
  }

  /// 64 random bits at a position.
  public func word(at position: UInt64) -> UInt64 {
    RandomKey.mix(bits &+ position &* 0x9E37_79B9_7F4A_7C15)
  }

  /// A number in `[0, 1)` at a position, with 24 random bits.
  public func uniform(at position: UInt64) -> Float {
    Float(word(at: position) >> 40) * 0x1p-24
  }

  /// A whole number in `0..<bound` at a position.
  public func integer(at position: UInt64, below bound: Int) -> Int {
    precondition(bound > 0, "there is no number in 0..<\(bound)")
    return Int(word(at: position).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A standard normal number at a position (Box-Muller).
  public func normal(at position: UInt64) -> Float {
    let bits = word(at: position)
    let u = (Double(bits >> 32) + 0.5) * 0x1p-32
    let v = Double(bits & 0xFFFF_FFFF) * 0x1p-32
    return Float((-2 * log(u)).squareRoot() * cos(2 * .pi * v))
  }

  /// The numbers `0..<count` in a random order (Fisher-Yates).
  public func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(at: UInt64(last), below: last + 1))
    }
    return order
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Tensor {
  /// Uniform random numbers in `range`.
  public static func uniform(_ shape: Shape, in range: Range<Float>, key: RandomKey) -> Tensor {
    Tensor(shape: shape) { destination in
      for index in 0..<shape.elementCount {
        destination[index] =
          range.lowerBound + (range.upperBound - range.lowerBound) * key.uniform(at: UInt64(index))
      }
    }
  }

  /// Normal random numbers of mean zero.
  public static func normal(
    _ shape: Shape, standardDeviation: Float = 1, key: RandomKey
  ) -> Tensor {
    Tensor(shape: shape) { destination in
      for index in 0..<shape.elementCount {
        destination[index] = standardDeviation * key.normal(at: UInt64(index))
      }
    }
  }
}
