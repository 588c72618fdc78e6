/// The checksum of TFRecord files: CRC-32C (Castagnoli), rotated and moved by a constant.
///
/// The mask is there because the checksum of data that holds checksums of its own is otherwise
/// less able to find errors.
enum MaskedChecksum {
  /// The masked checksum of bytes.
  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let crc = crc32c(bytes)
    return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
  }

  /// CRC-32C of bytes, without the mask.
  static func crc32c(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc = table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ crc >> 8
    }
    return ~crc
  }

  // The polynomial 0x1EDC6F41 with its bits reversed, worked off a byte at a time.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 0 ? 0 : 0x82F6_3B78) }
  }
}
