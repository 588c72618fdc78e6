import Foundation

/// Something that is laid on a scene: colours multiplied by opacity, and the opacity.
struct SceneLayer: Sendable {
  let width: Int
  let height: Int
  /// Red, green, blue and opacity of every pixel.
  private(set) var pixels: [UInt8]
  /// Pixels that are more opaque than not.
  private(set) var area = 0

  /// How a cut-out is laid down.
  struct Pose: Sendable {
    /// Pixels of the scene for a pixel of the cut-out's first level.
    var scale: Float
    /// Width to height, relative to the file.
    var stretch: Float = 1
    /// Clockwise, in radians.
    var angle: Float = 0
    /// Whether left and right are swapped.
    var isFlipped = false
    /// Pixels over which the edge fades; 0 for as it is.
    var feather = 0
  }

  /// A cut-out in its pose and with its colours changed.
  init(_ cutOut: CutOut, pose: Pose, tint: SceneTint) {
    var level = 0
    while level + 1 < cutOut.levels.count, pose.scale * Float(2 << level) <= 1 { level += 1 }
    let source = cutOut.levels[level]
    let first = cutOut.levels[0]
    let (across, down) = (
      pose.scale * pose.stretch.squareRoot() * Float(first.width) / Float(source.width),
      pose.scale / pose.stretch.squareRoot() * Float(first.height) / Float(source.height)
    )
    let (sine, cosine) = (sin(pose.angle), cos(pose.angle))
    let (w, h) = (across * Float(source.width), down * Float(source.height))
    width = Int((abs(w * cosine) + abs(h * sine)).rounded(.up)) + 2 + 2 * pose.feather
    height = Int((abs(w * sine) + abs(h * cosine)).rounded(.up)) + 2 + 2 * pose.feather
    let mirror: Float = pose.isFlipped ? -1 : 1
    // The step in the source for one pixel to the right, and for one down, in 1/65536.
    func fixed(_ value: Float) -> Int { Int((value * 65536).rounded()) }
    let right = (fixed(mirror * cosine / across), fixed(-sine / down))
    let below = (fixed(mirror * sine / across), fixed(cosine / down))
    let (middleX, middleY) = (Float(width) / 2 - 0.5, Float(height) / 2 - 0.5)
    let start = (
      fixed(
        Float(source.width) / 2 - 0.5 - mirror * (middleX * cosine + middleY * sine) / across),
      fixed(Float(source.height) / 2 - 0.5 - (middleY * cosine - middleX * sine) / down)
    )
    let (columns, rows) = (width, height)
    pixels = [UInt8](unsafeUninitializedCapacity: 4 * columns * rows) { target, filled in
      source.pixels.withUnsafeBufferPointer { pixels in
        let sampler = LevelSampler(pixels: pixels, width: source.width, height: source.height)
        for y in 0..<rows {
          var (u, v) = (start.0 + y * below.0, start.1 + y * below.1)
          for place in y * columns..<(y + 1) * columns {
            let sample = sampler[u, v]
            let changed = sample.w == 0 ? sample : tint(sample)
            for channel in 0..<4 {
              target[4 * place + channel] = UInt8(truncatingIfNeeded: changed[channel])
            }
            u += right.0
            v += right.1
          }
        }
      }
      filled = 4 * columns * rows
    }
    if pose.feather > 0 { fade(over: pose.feather) }
    countArea()
  }

  /// A layer of the given pixels.
  init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      pixels.count == 4 * width * height,
      "\(pixels.count) bytes do not fill \(width) x \(height) RGBA pixels")
    (self.width, self.height, self.pixels) = (width, height, pixels)
    countArea()
  }

  /// The same shape in one colour; `white` shows what is seen of it, black hides what is below.
  func painted(white: Bool) -> SceneLayer {
    var copy = self
    for start in stride(from: 0, to: pixels.count, by: 4) {
      for channel in 0..<3 { copy.pixels[start + channel] = white ? pixels[start + 3] : 0 }
    }
    return copy
  }

  private mutating func countArea() {
    area = pixels.withUnsafeBufferPointer { pixels in
      var count = 0
      for place in stride(from: 3, to: pixels.count, by: 4) where pixels[place] >= 128 {
        count += 1
      }
      return count
    }
  }

  /// Multiplies everything by the mean opacity of the neighbourhood.
  private mutating func fade(over reach: Int) {
    let opacity = blurred(over: reach)
    pixels.withUnsafeMutableBufferPointer { pixels in
      for place in 0..<width * height where pixels[4 * place + 3] > 0 {
        let factor = Int(opacity[place])
        if factor == 255 { continue }
        for channel in 4 * place..<4 * place + 4 {
          pixels[channel] = UInt8((Int(pixels[channel]) * factor + 127) / 255)
        }
      }
    }
  }

  /// The opacity's mean over a square of `2 * reach + 1` pixels.
  private func blurred(over reach: Int) -> [UInt8] {
    let side = 2 * reach + 1
    var rows = [Int32](repeating: 0, count: width * height)
    var result = [UInt8](repeating: 0, count: width * height)
    pixels.withUnsafeBufferPointer { pixels in
      rows.withUnsafeMutableBufferPointer { rows in
        for y in 0..<height {
          var sum = 0
          for x in -reach..<width {
            if x + reach < width { sum += Int(pixels[4 * (y * width + x + reach) + 3]) }
            if x - reach > 0 { sum -= Int(pixels[4 * (y * width + x - reach - 1) + 3]) }
            if x >= 0 { rows[y * width + x] = Int32(sum) }
          }
        }
        result.withUnsafeMutableBufferPointer { result in
          for y in 0..<height {
            let range = max(0, y - reach)...min(height - 1, y + reach)
            for x in 0..<width {
              var sum: Int32 = 0
              for row in range { sum += rows[row * width + x] }
              result[y * width + x] = UInt8(Int(sum) / (side * side))
            }
          }
        }
      }
    }
    return result
  }
}

/// Reads a cut-out between its pixels.
private struct LevelSampler {
  let pixels: UnsafeBufferPointer<UInt8>
  let width: Int
  let height: Int

  /// The colour at a place in 1/65536 of a pixel, mixed of the four around it; nothing outside.
  @inline(__always)
  subscript(u: Int, v: Int) -> SIMD4<Int32> {
    let (x, y) = (u >> 16, v >> 16)
    guard x >= -1, y >= -1, x < width, y < height else { return .zero }
    let (right, down) = (Int32((u >> 8) & 255), Int32((v >> 8) & 255))
    let upper = self[x: x, y: y] &* (256 &- right) &+ self[x: x + 1, y: y] &* right
    let lower = self[x: x, y: y + 1] &* (256 &- right) &+ self[x: x + 1, y: y + 1] &* right
    return (upper &* (256 &- down) &+ lower &* down &+ 32768) &>> 16
  }

  @inline(__always)
  private subscript(x x: Int, y y: Int) -> SIMD4<Int32> {
    guard x >= 0, y >= 0, x < width, y < height else { return .zero }
    let start = 4 * (y * width + x)
    return SIMD4(
      Int32(pixels[start]), Int32(pixels[start + 1]), Int32(pixels[start + 2]),
      Int32(pixels[start + 3]))
  }
}
