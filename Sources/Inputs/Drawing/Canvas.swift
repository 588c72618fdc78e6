/// A rectangle of whole pixels.
package struct PixelRectangle: Equatable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  /// A rectangle by its upper left corner and extent.
  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

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
package struct Canvas {
  package let width: Int
  package let height: Int
  private(set) var pixels: [UInt8]

  /// A white sheet.
  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: 255, count: 3 * width * height)
  }

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

  /// What was drawn.
  package var image: Image { Image(width: width, height: height, pixels: pixels) }

  /// Fills a rectangle.
  package mutating func fill(_ rectangle: PixelRectangle, _ colour: Colour) {
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
  package mutating func outline(_ r: PixelRectangle, line: Int, _ colour: Colour) {
    let across = min(line, r.width)
    let down = min(line, r.height)
    fill(PixelRectangle(x: r.x, y: r.y, width: r.width, height: down), colour)
    fill(PixelRectangle(x: r.x, y: r.y + r.height - down, width: r.width, height: down), colour)
    fill(PixelRectangle(x: r.x, y: r.y, width: across, height: r.height), colour)
    fill(
      PixelRectangle(x: r.x + r.width - across, y: r.y, width: across, height: r.height), colour)
  }

  /// Writes glyphs from the upper left corner (x, y), a cell `scale` pixels wide and high.
  package mutating func write(
    _ glyphs: [BitmapFont.Glyph], x: Int, y: Int, scale: Int, _ colour: Colour
  ) {
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

  /// Puts a picture with its upper left corner at (x, y).
  package mutating func put(_ image: Image, x: Int, y: Int) {
    let left = max(0, x)
    let right = min(width, x + image.width)
    guard left < right else { return }
    for row in max(0, y)..<max(0, y, min(height, y + image.height)) {
      let source = 3 * ((row - y) * image.width + left - x)
      let target = 3 * (row * width + left)
      let count = 3 * (right - left)
      pixels.replaceSubrange(
        target..<target + count, with: image.pixels[source..<source + count])
    }
  }

  /// Mixes a colour into a pixel; what lies outside is left out.
  mutating func blend(x: Int, y: Int, _ colour: Colour, share: Float) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let start = 3 * (y * width + x)
    for (offset, channel) in [colour.red, colour.green, colour.blue].enumerated() {
      let old = Float(pixels[start + offset])
      pixels[start + offset] = UInt8((old + (Float(channel) - old) * share).rounded())
    }
  }
}
