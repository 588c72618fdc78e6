/// A rectangle of whole pixels.
struct PixelRectangle: Equatable {
  var x: Int
  var y: Int
  var width: Int
  var height: Int

  /// Number of pixels that both rectangles cover.
  func overlap(with other: PixelRectangle) -> Int {
    let columns = min(x + width, other.x + other.width) - max(x, other.x)
    let rows = min(y + height, other.y + other.height) - max(y, other.y)
    return max(columns, 0) * max(rows, 0)
  }

  /// The rectangle without `margin` pixels at every side; negative margins make it larger.
  func inset(by margin: Int) -> PixelRectangle {
    PixelRectangle(
      x: x + margin, y: y + margin, width: width - 2 * margin, height: height - 2 * margin)
  }
}

/// A picture while it is drawn on. What lies outside is cut off.
struct Canvas {
  let width: Int
  let height: Int
  private(set) var pixels: [UInt8]

  /// The picture, every pixel `factor` times as wide and as high.
  init(_ image: Image, enlargedBy factor: Int) {
    width = image.width * factor
    height = image.height * factor
    guard factor > 1 else {
      pixels = image.pixels
      return
    }
    pixels = []
    pixels.reserveCapacity(3 * width * height)
    for y in 0..<image.height {
      var row: [UInt8] = []
      row.reserveCapacity(3 * width)
      for x in 0..<image.width {
        let start = 3 * (y * image.width + x)
        for _ in 0..<factor { row += image.pixels[start..<start + 3] }
      }
      for _ in 0..<factor { pixels += row }
    }
  }

  var image: Image { Image(width: width, height: height, pixels: pixels) }

  mutating func fill(_ rectangle: PixelRectangle, _ colour: Colour) {
    let left = max(rectangle.x, 0)
    let right = min(rectangle.x + rectangle.width, width)
    let top = max(rectangle.y, 0)
    let bottom = min(rectangle.y + rectangle.height, height)
    guard left < right, top < bottom else { return }
    pixels.withUnsafeMutableBufferPointer { pixels in
      for y in top..<bottom {
        for x in left..<right {
          let start = 3 * (y * width + x)
          pixels[start] = colour.red
          pixels[start + 1] = colour.green
          pixels[start + 2] = colour.blue
        }
      }
    }
  }

  /// Draws the edge of a rectangle, `line` pixels wide, inwards.
  mutating func outline(_ r: PixelRectangle, line: Int, _ colour: Colour) {
    let across = min(line, r.width)
    let down = min(line, r.height)
    fill(PixelRectangle(x: r.x, y: r.y, width: r.width, height: down), colour)
    fill(PixelRectangle(x: r.x, y: r.y + r.height - down, width: r.width, height: down), colour)
    fill(PixelRectangle(x: r.x, y: r.y, width: across, height: r.height), colour)
    fill(
      PixelRectangle(x: r.x + r.width - across, y: r.y, width: across, height: r.height), colour)
  }

  /// Writes glyphs from the upper left corner (x, y), a cell `scale` pixels wide and high.
  mutating func write(_ glyphs: [BitmapFont.Glyph], x: Int, y: Int, scale: Int, _ colour: Colour) {
    var left = x
    for glyph in glyphs {
      for cell in glyph.cells {
        fill(
          PixelRectangle(
            x: left + cell.column * scale, y: y + cell.row * scale, width: scale, height: scale),
          colour)
      }
      left += (glyph.width + 1) * scale
    }
  }
}
