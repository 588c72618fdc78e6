import Heads
import Inputs

/// The one object of an easy-VQA picture, measured in its pixels.
///
/// The pictures were drawn at twice their size without smoothing and then halved with a triangle
/// filter. So there are exactly two colours, the background's and the object's, and every pixel is
/// an exact mix of both; its share `alpha` of the object's colour can be computed back. The box's
/// edges lie on half pixels, and the shares along an edge tell which half.
struct ShapeReading {
  /// The object's box in pixels.
  let box: Detection.Box
  /// Index of `EasyVQA.shapes`.
  let shape: Int
  /// Index of `EasyVQA.colours`.
  let colour: Int

  /// Fill colours in the order of `EasyVQA.colours`.
  static let fills: [(Int, Int, Int)] = [
    (0, 0, 0), (128, 128, 128), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0),
    (0, 128, 128), (165, 42, 42),
  ]

  /// Measures the object.
  ///
  /// - Throws: `EasyVQAError.unreadablePicture` when there is no object, or no plain background.
  init(_ image: Image, path: String) throws {
    func failure(_ reason: String) -> EasyVQAError {
      .unreadablePicture(picture: path, reason: reason)
    }
    guard image.width >= 8, image.height >= 8 else {
      throw failure("\(image.width)x\(image.height) pixels are too few for an object")
    }
    guard let background = ShapeReading.background(of: image) else {
      throw failure("the border has no single background colour")
    }
    let counts = ShapeReading.fillCounts(of: image)
    let found = counts.indices.filter { counts[$0] > 0 }
    guard let colour = found.first else {
      throw failure("there is no object in one of the colours of easy-VQA")
    }
    guard found.count == 1 else {
      let names = found.map { EasyVQA.colours[$0] }.joined(separator: " and ")
      throw failure("expected one object of one colour, found \(names)")
    }
    let shares = Shares(of: image, background: background, fill: ShapeReading.fills[colour])
    let edge = ShapeReading.lowEdge
    guard let left = edge(shares.columns), let right = edge(shares.columns.reversed()),
      let top = edge(shares.rows), let bottom = edge(shares.rows.reversed())
    else { throw failure("the object has no extent") }
    let width = Float(image.width) - right - left
    let height = Float(image.height) - bottom - top
    let filling = shares.sum / (width * height)
    guard width > 0, height > 0, (0.45...1.05).contains(filling) else {
      throw failure("the object fills \(filling) of its box: it is none of the three shapes")
    }
    box = Detection.Box(x: left, y: top, width: width, height: height)
    shape = filling > 0.9 ? 1 : filling > 0.7 ? 0 : 2
    self.colour = colour
  }

  /// The colour that more than half of the border has, or nil.
  private static func background(of image: Image) -> (Int, Int, Int)? {
    var border: [Int] = []
    func add(_ x: Int, _ y: Int) {
      let pixel = image[x, y]
      border.append(Int(pixel.red) << 16 | Int(pixel.green) << 8 | Int(pixel.blue))
    }
    for x in 0..<image.width {
      add(x, 0)
      add(x, image.height - 1)
    }
    for y in 1..<image.height - 1 {
      add(0, y)
      add(image.width - 1, y)
    }
    var winner = 0
    var lead = 0
    for colour in border {
      if lead == 0 { winner = colour }
      lead += colour == winner ? 1 : -1
    }
    guard border.count(where: { $0 == winner }) * 2 > border.count else { return nil }
    return (winner >> 16, winner >> 8 & 255, winner & 255)
  }

  /// Number of pixels that have exactly each of the fill colours.
  private static func fillCounts(of image: Image) -> [Int] {
    var counts = [Int](repeating: 0, count: fills.count)
    let codes = fills.map { $0.0 << 16 | $0.1 << 8 | $0.2 }
    image.pixels.withUnsafeBufferPointer { pixels in
      for start in stride(from: 0, to: pixels.count, by: 3) {
        // Every fill has a channel of 128 at most; most pixels are background and have none.
        let (red, green, blue) = (pixels[start], pixels[start + 1], pixels[start + 2])
        guard min(red, green, blue) <= 128 else { continue }
        let code = Int(red) << 16 | Int(green) << 8 | Int(blue)
        if let index = codes.firstIndex(of: code) { counts[index] += 1 }
      }
    }
    return counts
  }

  /// Distance in pixels from the start of a profile to the object's edge, on the half-pixel grid.
  ///
  /// An edge between two pixels bleeds one eighth into the outer one; one in the middle of a pixel
  /// gives it a half, and tips less. At the picture's border the filter is cut off, so the shares
  /// differ there. The thresholds lie between the values that the drawing can give.
  private static func lowEdge(_ profile: [Float]) -> Float? {
    guard let first = profile.firstIndex(where: { $0 > 0.02 }), first + 1 < profile.count else {
      return nil
    }
    let share = profile[first]
    if first > 0 { return Float(first) + (share < 0.16 ? 1 : 0.5) }
    if share < 0.18 { return 1 }
    return share < 0.54 || (share < 0.6 && profile[1] > 0.99) ? 0.5 : 0
  }
}

/// How much of the object's colour is in each pixel.
private struct Shares {
  /// Largest share in each column.
  var columns: [Float]
  /// Largest share in each row.
  var rows: [Float]
  /// Sum over all pixels: the object's area in pixels.
  var sum: Float = 0

  init(of image: Image, background: (Int, Int, Int), fill: (Int, Int, Int)) {
    columns = [Float](repeating: 0, count: image.width)
    rows = [Float](repeating: 0, count: image.height)
    let difference = (fill.0 - background.0, fill.1 - background.1, fill.2 - background.2)
    let squared =
      difference.0 * difference.0 + difference.1 * difference.1 + difference.2 * difference.2
    image.pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<image.height {
        var highest = 0
        var total = 0
        for x in 0..<image.width {
          let start = 3 * (y * image.width + x)
          let red = (Int(pixels[start]) - background.0) * difference.0
          let green = (Int(pixels[start + 1]) - background.1) * difference.1
          let blue = (Int(pixels[start + 2]) - background.2) * difference.2
          let projection = red + green + blue
          if projection == 0 { continue }
          highest = max(highest, projection)
          total += projection
          columns[x] = max(columns[x], Float(projection) / Float(squared))
        }
        rows[y] = Float(highest) / Float(squared)
        sum += Float(total) / Float(squared)
      }
    }
  }
}
