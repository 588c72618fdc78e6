import Inputs

/// A scene while it is put together: its pixels, and what is seen of which layer.
struct SceneCanvas {
  let size: ImageSize
  private(set) var pixels: [UInt8]
  /// Number of the layer that is seen at each pixel, 0 where none is.
  private(set) var owners: [UInt8]
  /// How much of it is seen, 0...255; at least `visible` where there is one.
  private var weights: [UInt8]

  /// A pixel belongs to a layer that makes up half of its colour.
  static let visible: UInt8 = 128

  init(background: Image) {
    size = background.size
    pixels = background.pixels
    owners = [UInt8](repeating: 0, count: size.area)
    weights = owners
  }

  var image: Image { Image(width: size.width, height: size.height, pixels: pixels) }

  /// Lays a layer over what is there.
  ///
  /// - Parameters:
  ///   - x: the column of its left edge; what lies outside is cut off.
  ///   - y: the row of its upper edge.
  ///   - number: 1...255.
  mutating func lay(_ layer: SceneLayer, x: Int, y: Int, number: UInt8) {
    let size = size
    pixels.withUnsafeMutableBufferPointer { pixels in
      owners.withUnsafeMutableBufferPointer { owners in
        weights.withUnsafeMutableBufferPointer { weights in
          layer.forEachPixel(x: x, y: y, size: size) { source, column, row in
            let opacity = Int(source[3])
            let place = row * size.width + column
            for channel in 0..<3 {
              let below = (Int(pixels[3 * place + channel]) * (255 - opacity) + 127) / 255
              pixels[3 * place + channel] = UInt8(min(Int(source[channel]) + below, 255))
            }
            if opacity >= Int(Self.visible) {
              owners[place] = number
              weights[place] = UInt8(opacity)
            } else {
              weights[place] = UInt8((Int(weights[place]) * (255 - opacity) + 127) / 255)
              if weights[place] < Self.visible { owners[place] = 0 }
            }
          }
        }
      }
    }
  }

  /// How many pixels a layer would show, and how many it could take from each layer below.
  func effect(of layer: SceneLayer, x: Int, y: Int) -> (shown: Int, taken: [Int]) {
    var shown = 0
    var taken = [Int](repeating: 0, count: 256)
    taken.withUnsafeMutableBufferPointer { taken in
      owners.withUnsafeBufferPointer { owners in
        layer.forEachPixel(x: x, y: y, size: size) { source, column, row in
          taken[Int(owners[row * size.width + column])] += 1
          if source[3] >= Self.visible { shown += 1 }
        }
      }
    }
    return (shown, taken)
  }

  /// How many pixels are seen of every layer up to `count`.
  func areas(_ count: Int) -> [Int] {
    var areas = [Int](repeating: 0, count: 256)
    areas.withUnsafeMutableBufferPointer { areas in
      for owner in owners { areas[Int(owner)] += 1 }
    }
    return Array(areas[1...count + 1].prefix(count))
  }

  /// What is seen of every layer up to `count`: extent, pixels, colour.
  func views(_ count: Int) -> [View] {
    var views = [View](repeating: View(), count: count + 1)
    owners.withUnsafeBufferPointer { owners in
      for y in 0..<size.height {
        for x in 0..<size.width {
          let number = Int(owners[y * size.width + x])
          if number == 0 || number > count { continue }
          let start = 3 * (y * size.width + x)
          views[number].add(x, y, pixels[start], pixels[start + 1], pixels[start + 2])
        }
      }
    }
    return Array(views.dropFirst())
  }

  /// What is seen of a layer.
  struct View {
    private var left = Int.max
    private var right = -1
    private var top = Int.max
    private var bottom = -1
    private(set) var area = 0
    private var colours = ColourCounts()

    fileprivate mutating func add(_ x: Int, _ y: Int, _ red: UInt8, _ green: UInt8, _ blue: UInt8) {
      left = min(left, x)
      right = max(right, x)
      top = min(top, y)
      bottom = y
      area += 1
      colours.add(red: red, green: green, blue: blue)
    }

    var colour: SceneColour? { colours.name }

    /// Nil where nothing is seen.
    var box: PixelExtent? {
      area == 0
        ? nil
        : PixelExtent(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    }
  }
}

extension SceneLayer {
  /// Visits the pixels that lie on a canvas of `size` and are not quite transparent.
  @inline(__always)
  fileprivate func forEachPixel(
    x: Int, y: Int, size: ImageSize,
    _ body: (_ source: UnsafePointer<UInt8>, _ column: Int, _ row: Int) -> Void
  ) {
    let columns = max(0, -x)..<max(max(0, -x), min(width, size.width - x))
    let rows = max(0, -y)..<max(max(0, -y), min(height, size.height - y))
    pixels.withUnsafeBufferPointer { pixels in
      guard let first = pixels.baseAddress else { return }
      for row in rows {
        var source = first + 4 * (row * width + columns.lowerBound)
        for column in columns {
          if source[3] > 0 { body(source, x + column, y + row) }
          source += 4
        }
      }
    }
  }
}

extension ImageSize {
  /// Columns times rows.
  var area: Int { width * height }
}
