import Tensors

/// The numbers `0..<count` in a random order, of which no list is kept: number by number a pure
/// function of a key, in memory that does not grow with `count`.
///
/// A Feistel network of four rounds permutes the numbers of an even number of bits; numbers that
/// land outside `0..<count` are sent through it again until they land inside ("cycle walking",
/// Black and Rogaway: Ciphers with Arbitrary Finite Domains, 2002). The domain is less than four
/// times as large as `count`, so few rounds are needed.
struct ScatteredOrder: Sendable {
  private static let rounds = 4

  private let count: UInt64
  /// Bits of each half of a number.
  private let bits: UInt64
  private let keys: [RandomKey]

  /// A random order of `count` numbers.
  init(count: Int, key: RandomKey) {
    precondition(count > 0, "there is no order of \(count) numbers")
    self.count = UInt64(count)
    let needed = max(2, UInt64.bitWidth - (UInt64(count) - 1).leadingZeroBitCount)
    bits = UInt64((needed + 1) / 2)
    keys = (0..<UInt64(Self.rounds)).map { key.folding($0) }
  }

  /// The number at a position of the order.
  subscript(position: Int) -> Int {
    var number = UInt64(position)
    repeat { number = permuted(number) } while number >= count
    return Int(number)
  }

  private func permuted(_ number: UInt64) -> UInt64 {
    let mask = (UInt64(1) << bits) - 1
    var (left, right) = (number >> bits, number & mask)
    for key in keys {
      (left, right) = (right, left ^ (key.word(at: right) & mask))
    }
    return left << bits | right
  }
}
