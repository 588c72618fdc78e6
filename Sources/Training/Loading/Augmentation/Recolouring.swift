import Inputs

extension Image {
  /// The picture after changes of its colours; without alpha.
  func recoloured(_ changes: [ColourJitter.Change]) -> Image {
    let count = width * height
    let changed = [UInt8](unsafeUninitializedCapacity: 3 * count) { bytes, filled in
      _ = bytes.initialize(from: pixels)
      filled = 3 * count
      for change in changes { Self.apply(change, to: bytes, count: count) }
    }
    return Image(width: width, height: height, pixels: changed)
  }

  private static func apply(
    _ change: ColourJitter.Change, to bytes: UnsafeMutableBufferPointer<UInt8>, count: Int
  ) {
    switch change {
    case .brightness(let factor):
      map(bytes, factor, from: 0)
    case .contrast(let factor):
      var sum = 0
      for pixel in 0..<count { sum += grey(bytes, 3 * pixel) }
      map(bytes, factor, from: Int(Double(sum) / Double(max(count, 1)) + 0.5))
    case .saturation(let factor):
      for start in stride(from: 0, to: 3 * count, by: 3) {
        let grey = grey(bytes, start)
        for channel in start..<start + 3 {
          bytes[channel] = blend(grey, Int(bytes[channel]), factor)
        }
      }
    case .hue(let turn):
      for start in stride(from: 0, to: 3 * count, by: 3) {
        var colour = HueSaturationValue(
          red: bytes[start], green: bytes[start + 1], blue: bytes[start + 2])
        colour.hue &+= turn
        (bytes[start], bytes[start + 1], bytes[start + 2]) = colour.rgb
      }
    }
  }

  /// Blends every byte with one grey.
  private static func map(
    _ bytes: UnsafeMutableBufferPointer<UInt8>, _ factor: Float, from grey: Int
  ) {
    let table = (0..<256).map { blend(grey, $0, factor) }
    for index in bytes.indices { bytes[index] = table[Int(bytes[index])] }
  }

  /// Pillow's `Image.blend`: cut off at 0 and 255, and without rounding.
  private static func blend(_ grey: Int, _ value: Int, _ factor: Float) -> UInt8 {
    let blended = Float(grey) + factor * Float(value - grey)
    return blended <= 0 ? 0 : blended >= 255 ? 255 : UInt8(blended)
  }

  /// Pillow's luma of the pixel that begins at `start` (ITU-R 601-2 in 16-bit fixed point).
  private static func grey(_ bytes: UnsafeMutableBufferPointer<UInt8>, _ start: Int) -> Int {
    let weighted =
      19595 * Int(bytes[start]) + 38470 * Int(bytes[start + 1]) + 7471 * Int(bytes[start + 2])
    return (weighted + 0x8000) >> 16
  }
}
