/// How a stored picture has to be turned to stand upright: EXIF tag 0x0112.
///
/// Values 2 to 8 are: mirrored left-right, turned by 180°, mirrored top-bottom, transposed,
/// turned by 90° clockwise, transposed over the other diagonal, turned by 90° counter-clockwise.
/// Sources: Exif 2.32 (CIPA DC-008) sections 4.5.4 and 4.6.4; PNG eXIf chunk (PNG 1.5 extensions).
struct Orientation: Equatable {
  /// 1 (upright) to 8.
  let value: Int

  static let upright = Orientation(value: 1)

  /// Whether width and height change places.
  var swapsSides: Bool { value >= 5 }

  /// The upright size of a picture that is stored with the given one.
  func turned(stored: ImageSize) -> ImageSize {
    swapsSides ? ImageSize(width: stored.height, height: stored.width) : stored
  }

  /// Whether what stands at the right of the stored picture comes first in the upright one.
  var mirrorsColumns: Bool { [2, 3, 7, 8].contains(value) }

  /// Whether what stands at the bottom of the stored picture comes first in the upright one.
  var mirrorsRows: Bool { [3, 4, 6, 7].contains(value) }

  /// The orientation that a PNG or JPEG declares; upright where it declares none or nonsense.
  init(format: ImageFormat, bytes: UnsafeRawBufferPointer) {
    let block = format == .png ? Self.pngBlock(bytes) : Self.jpegBlock(bytes)
    self = block.flatMap { Self(tiff: UnsafeRawBufferPointer(rebasing: bytes[$0])) } ?? .upright
  }

  private init(value: Int) { self.value = value }

  /// "Exif" and two zeros, which stand before the data.
  private static let exifMark: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]

  /// Range of the EXIF data in a JPEG's APP1 segment.
  private static func jpegBlock(_ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xff {
      let marker = bytes[position + 1]
      if marker == 0xff {  // a fill byte
        position += 1
        continue
      }
      // Standalone markers carry no length; pixels start at 0xda.
      if marker == 0x01 || (0xd0...0xd8).contains(marker) {
        position += 2
        continue
      }
      if marker == 0xd9 || marker == 0xda { return nil }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count else { return nil }
      let start = position + 4
      if marker == 0xe1, end - start >= 6,
        bytes[start..<start + 6].elementsEqual(exifMark)
      {
        return start + 6..<end
      }
      position = end
    }
    return nil
  }

  /// Range of the EXIF data in a PNG's eXIf chunk, which may stand before or after the pixels.
  private static func pngBlock(_ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
    var position = 8
    while position + 12 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)
      let length = Int(UInt32(bigEndian: word))
      let start = position + 8
      guard length <= bytes.count - start - 4 else { return nil }
      if bytes[position + 4..<start].elementsEqual([0x65, 0x58, 0x49, 0x66]) {
        let isMarked = length >= 6 && bytes[start..<start + 6].elementsEqual(exifMark)
        return start + (isMarked ? 6 : 0)..<start + length
      }
      position = start + length + 4
    }
    return nil
  }

  /// Reads the tag from the first directory of a TIFF block.
  private init?(tiff: UnsafeRawBufferPointer) {
    guard tiff.count >= 8 else { return nil }
    let isBig = tiff[0] == 0x4d && tiff[1] == 0x4d
    guard isBig || (tiff[0] == 0x49 && tiff[1] == 0x49) else { return nil }
    func short(_ at: Int) -> Int {
      isBig ? Int(tiff[at]) << 8 | Int(tiff[at + 1]) : Int(tiff[at + 1]) << 8 | Int(tiff[at])
    }
    func long(_ at: Int) -> Int {
      isBig ? short(at) << 16 | short(at + 2) : short(at + 2) << 16 | short(at)
    }
    let directory = long(4)
    guard short(2) == 42, directory <= tiff.count - 2 else { return nil }
    for entry in 0..<short(directory) {
      let at = directory + 2 + 12 * entry
      guard at + 12 <= tiff.count else { return nil }
      guard short(at) == 0x0112 else { continue }
      let found = short(at + 2) == 4 ? long(at + 8) : short(at + 8)
      guard (1...8).contains(found) else { return nil }
      value = found
      return
    }
    return nil
  }
}
