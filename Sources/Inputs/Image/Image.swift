/// An upright picture of 8-bit RGB pixels.
///
/// Everything the program does to pictures works on this one type: files of every kind are turned
/// into it when they are read (see `Image.init(contentsOf:limits:)`).
public struct Image: Sendable, Equatable {
  /// Pixels along a row.
  public let width: Int
  /// Number of rows.
  public let height: Int
  /// Red, green, blue of every pixel, row by row from the top: `3 * width * height` bytes.
  public let pixels: [UInt8]
  /// Opacity of every pixel (255 = opaque), `width * height` bytes; nil where the file has none.
  ///
  /// No model sees it: the colours are used as they are stored, as Pillow's `convert("RGB")` does,
  /// and not blended with a background.
  public let alpha: [UInt8]?
  /// The upright size in the file, which boxes are given in: `size`, unless the picture was made
  /// smaller while it was decoded (see `Decoding`).
  public let originalSize: ImageSize

  /// A picture of the given pixels.
  public init(width: Int, height: Int, pixels: [UInt8], alpha: [UInt8]? = nil) {
    precondition(width > 0 && height > 0, "a picture cannot have \(width) x \(height) pixels")
    precondition(
      pixels.count == 3 * width * height,
      "\(pixels.count) bytes do not fill \(width) x \(height) RGB pixels")
    precondition(
      alpha == nil || alpha?.count == width * height,
      "\(alpha?.count ?? 0) bytes of alpha do not fill \(width) x \(height) pixels")
    self.width = width
    self.height = height
    self.pixels = pixels
    self.alpha = alpha
    originalSize = ImageSize(width: width, height: height)
  }

  /// A picture that stands for a larger one.
  init(size: ImageSize, of originalSize: ImageSize, pixels: [UInt8], alpha: [UInt8]?) {
    precondition(
      pixels.count == 3 * size.width * size.height,
      "\(pixels.count) bytes do not fill \(size) RGB pixels")
    width = size.width
    height = size.height
    self.pixels = pixels
    self.alpha = alpha
    self.originalSize = originalSize
  }

  /// A picture of one colour.
  public init(width: Int, height: Int, filledWith colour: (red: UInt8, green: UInt8, blue: UInt8)) {
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    for start in stride(from: 0, to: pixels.count, by: 3) {
      pixels[start] = colour.red
      pixels[start + 1] = colour.green
      pixels[start + 2] = colour.blue
    }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// Width and height together.
  public var size: ImageSize { ImageSize(width: width, height: height) }

  /// Red, green and blue of the pixel in column `x` and row `y`.
  public subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    precondition(
      x >= 0 && x < width && y >= 0 && y < height,
      "pixel (\(x), \(y)) lies outside \(width) x \(height)")
    let start = 3 * (y * width + x)
    return (pixels[start], pixels[start + 1], pixels[start + 2])
  }
}

/// Width and height of a picture in pixels.
public struct ImageSize: Sendable, Hashable, Codable, CustomStringConvertible {
  /// Pixels along a row.
  public var width: Int
  /// Number of rows.
  public var height: Int

  /// A size of `width` columns and `height` rows.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// For example `640 x 480`.
  public var description: String { "\(width) x \(height)" }
}
