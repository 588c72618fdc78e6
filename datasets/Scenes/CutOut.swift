import Inputs

/// A picture of one object with transparent surroundings, in several sizes.
struct CutOut: Sendable {
  /// The picture in one size: red, green, blue and opacity, the colours multiplied by the opacity.
  struct Level: Sendable {
    let width: Int
    let height: Int
    let pixels: [UInt8]
  }

  /// The largest first, each half as wide and high as the one before.
  let levels: [Level]
  /// Pixels of the first level that are more opaque than not.
  let area: Int
  /// Mean brightness of these pixels, 0...255.
  let brightness: Float
  /// The colour as it is in the file; nil where no single name fits.
  let colour: SceneColour?

  /// Prepares a picture.
  ///
  /// - Parameters:
  ///   - image: the picture with its opacity.
  ///   - name: the file, for errors.
  ///   - side: the largest side that the first level needs.
  /// - Throws: `SceneError.unfit` where nothing or everything is opaque.
  init(_ image: Image, name: String, side: Int) throws {
    guard let alpha = image.alpha else {
      throw SceneError.unfit(
        file: name, expected: "a picture with transparent surroundings", found: "an opaque one")
    }
    guard let extent = PixelExtent(alpha, width: image.width, atLeast: 1) else {
      throw SceneError.unfit(file: name, expected: "an object", found: "only transparent pixels")
    }
    var level = Level(image, alpha, extent)
    while max(level.width, level.height) > side { level = level.halved }
    var levels = [level]
    while min(level.width, level.height) > 8, levels.count < 6 {
      level = level.halved
      levels.append(level)
    }
    self.levels = levels
    var counts = ColourCounts()
    var (area, sum) = (0, 0)
    let first = levels[0].pixels
    for start in stride(from: 0, to: first.count, by: 4) where first[start + 3] >= 128 {
      let opacity = Int(first[start + 3])
      let (red, green, blue) = (
        Int(first[start]) * 255 / opacity, Int(first[start + 1]) * 255 / opacity,
        Int(first[start + 2]) * 255 / opacity
      )
      counts.add(
        red: UInt8(min(red, 255)), green: UInt8(min(green, 255)), blue: UInt8(min(blue, 255)))
      sum += (77 * red + 150 * green + 29 * blue) >> 8
      area += 1
    }
    guard area > 0 else {
      throw SceneError.unfit(file: name, expected: "an object", found: "nothing opaque enough")
    }
    self.area = area
    brightness = Float(sum) / Float(area)
    colour = counts.name
  }
}

extension CutOut.Level {
  fileprivate init(_ image: Image, _ alpha: [UInt8], _ extent: PixelExtent) {
    width = extent.width
    height = extent.height
    var pixels = [UInt8](repeating: 0, count: 4 * extent.width * extent.height)
    var target = 0
    for y in extent.y..<extent.y + extent.height {
      for x in extent.x..<extent.x + extent.width {
        let source = y * image.width + x
        let opacity = Int(alpha[source])
        for channel in 0..<3 {
          pixels[target + channel] =
            UInt8((Int(image.pixels[3 * source + channel]) * opacity + 127) / 255)
        }
        pixels[target + 3] = UInt8(opacity)
        target += 4
      }
    }
    self.pixels = pixels
  }

  /// Every pixel the mean of four; a last odd row or column counts twice.
  fileprivate var halved: CutOut.Level {
    let (across, down) = ((width + 1) / 2, (height + 1) / 2)
    var result = [UInt8](repeating: 0, count: 4 * across * down)
    for y in 0..<down {
      let (upper, lower) = (2 * y * width, min(2 * y + 1, height - 1) * width)
      for x in 0..<across {
        let (left, right) = (2 * x, min(2 * x + 1, width - 1))
        for channel in 0..<4 {
          let sum =
            Int(pixels[4 * (upper + left) + channel]) + Int(pixels[4 * (upper + right) + channel])
            + Int(pixels[4 * (lower + left) + channel]) + Int(pixels[4 * (lower + right) + channel])
          result[4 * (y * across + x) + channel] = UInt8((sum + 2) / 4)
        }
      }
    }
    return CutOut.Level(width: across, height: down, pixels: result)
  }
}

/// The smallest rectangle around pixels.
public struct PixelExtent: Sendable, Hashable {
  /// First column, first row, columns and rows.
  public let x, y, width, height: Int

  /// A rectangle.
  public init(x: Int, y: Int, width: Int, height: Int) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  /// Around the values of at least `atLeast`, row by row of `width`; nil where there is none.
  init?(_ values: [UInt8], width: Int, atLeast: UInt8) {
    var (left, right, top, bottom) = (Int.max, -1, Int.max, -1)
    values.withUnsafeBufferPointer { values in
      for y in 0..<values.count / width {
        for x in 0..<width where values[y * width + x] >= atLeast {
          left = min(left, x)
          right = max(right, x)
          top = min(top, y)
          bottom = y
        }
      }
    }
    guard bottom >= 0 else { return nil }
    self.init(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }

  /// Columns times rows.
  public var area: Int { width * height }
  /// The middle, in pixels.
  public var centre: (x: Float, y: Float) {
    (Float(x) + Float(width) / 2, Float(y) + Float(height) / 2)
  }
}
