import Foundation

/// A 64-bit checksum that tells damaged files from whole ones; no protection against intent.
///
/// The scheme of FNV-1a over little-endian words of eight bytes, the rest padded with zeros and
/// the length mixed in at the end: every changed word changes the result.
struct Checksum {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The checksum of bytes as 16 hexadecimal digits.
  static func of(_ bytes: UnsafeRawBufferPointer) -> String {
    var checksum = Checksum()
    let words = bytes.count / 8
    for word in 0..<words {
      let value = bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self)
      checksum.mix(UInt64(littleEndian: value))
    }
    var rest: UInt64 = 0
    for (place, byte) in bytes[(8 * words)...].enumerated() {
      rest |= UInt64(byte) << UInt64(8 * place)
    }
    checksum.mix(rest)
    checksum.mix(UInt64(bytes.count))
    let digits = String(checksum.state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The checksum of data.
  static func of(_ data: Data) -> String { data.withUnsafeBytes { of($0) } }

  /// The checksum of a text.
  static func of(_ text: String) -> String { of(Data(text.utf8)) }

  private mutating func mix(_ word: UInt64) {
    state = (state ^ word) &* 0x0000_0100_0000_01B3
    state ^= state >> 29
  }
}
