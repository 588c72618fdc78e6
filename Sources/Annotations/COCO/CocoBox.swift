import JSONStream

/// COCO's `bbox`: left and upper edge, width and height in pixels.
public struct CocoBox: Sendable, Equatable {
  /// Left edge.
  public var x: Double
  /// Upper edge.
  public var y: Double
  /// Extent to the right.
  public var width: Double
  /// Extent downwards.
  public var height: Double

  /// A box.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Width times height, in square pixels.
  public var area: Double { width * height }

  /// Reads `[x, y, width, height]`.
  init(from reader: inout JSONReader) throws {
    let start = reader.place()
    var numbers = SIMD4<Double>()
    var count = 0
    try reader.array { reader, index in
      let number = try reader.double()
      if index < 4 { numbers[index] = number }
      count = index + 1
    }
    guard count == 4 else {
      throw reader.unexpected(
        "4 numbers: x, y, width, height", found: "\(count)", at: start)
    }
    self.init(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
  }
}
