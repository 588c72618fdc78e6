import Foundation
import Inputs

/// Pictures for tests, made on the spot.
enum PictureSamples {
  /// A picture with a different colour in every pixel.
  static func gradient(width: Int = 40, height: Int = 30) -> Image {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        pixels += [UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8((x * 7 + y * 13) % 256)]
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  /// The gradient as PNG.
  static let png = encodePNG(gradient())
  /// The gradient as JPEG.
  static let jpeg = encodeJPEG(gradient(), quality: 90)

  /// A PNG whose header, with a correct checksum, declares the size, and whose data ends early.
  static func png(declaringWidth width: UInt32, height: UInt32) -> [UInt8] {
    var header: [UInt8] = Array("IHDR".utf8)
    for number in [width, height] {
      header += (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }
    header += [8, 2, 0, 0, 0]
    let checksum = crc(header)
    var bytes = Array(png[..<8]) + [0, 0, 0, 13] + header
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * $0)) }
    return bytes + png[33...]
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
