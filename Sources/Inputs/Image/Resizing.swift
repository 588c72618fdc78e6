import Tensors

/// How pixels between and below one another are weighed when a picture changes size.
public enum ResizeFilter: String, Sendable, Codable, CaseIterable {
  /// Triangle of half width 1.
  case bilinear
  /// Keys' cubic with a = -1/2, of half width 2.
  case bicubic
  /// Sine cardinal under a sine cardinal three times as wide, of half width 3.
  case lanczos
  /// The mean of the pixels that fall into one.
  case box
  /// Sine cardinal under Hamming's window, of half width 1.
  case hamming
  /// The one pixel in the middle; not antialiased.
  case nearest
}

extension Image {
  /// The picture in another size, antialiased: where it shrinks, the filter widens with the scale
  /// (but for the nearest pixel).
  ///
  /// Equals the `resize` of Pillow up to version 12 bit by bit: first across, then down, each
  /// rounding to 8 bits, with weights in fixed point. (Pillow 13 goes down first for some sizes; it
  /// then differs by 1 of 255, and more where a filter's overshoot is cut off.) The
  /// result has no alpha. Runs on several threads.
  public func resized(width: Int, height: Int, filter: ResizeFilter = .bilinear) -> Image {
    let rowBytes = 3 * width
    let result = parallelBytes(count: rowBytes * height) { destination in
      let target = Destination(destination)
      forEachResizedRow(width: width, height: height, filter: filter) { y, row in
        (target.start + y * rowBytes).update(from: row, count: rowBytes)
      }
    }
    return Image(width: width, height: height, pixels: result)
  }

  /// Calls `body` with the number and the RGB bytes of every row of the picture in another size, on
  /// several threads: whoever uses a row at once finds it in the nearest cache.
  func forEachResizedRow(
    width: Int, height: Int, filter: ResizeFilter, _ body: (Int, UnsafePointer<UInt8>) -> Void
  ) {
    precondition(width > 0 && height > 0, "a picture cannot be resized to \(width) x \(height)")
    var image = self
    if filter == .nearest, size != ImageSize(width: width, height: height) {
      image = nearest(width: width, height: height)
    } else if width != self.width {
      image = Image(width: width, height: self.height, pixels: across(to: width, filter))
    }
    if height == image.height {
      image.forEachRow(body)
    } else {
      image.down(to: height, filter, body)
    }
  }

  private func forEachRow(_ body: (Int, UnsafePointer<UInt8>) -> Void) {
    let rowBytes = 3 * width
    Parallel.forEachRange(height, grain: 8) { rows in
      pixels.withUnsafeBufferPointer { pixels in
        guard let first = pixels.baseAddress else { return }
        for y in rows { body(y, first + y * rowBytes) }
      }
    }
  }

  /// Every pixel is the one in the middle of the place it stands for.
  private func nearest(width: Int, height: Int) -> Image {
    // Pillow adds up the steps, so that rounding errors decide the same way.
    func sources(_ count: Int, of length: Int) -> [Int] {
      let step = Double(length) / Double(count)
      var place = step * 0.5
      return (0..<count).map { _ in
        defer { place += step }
        return min(Int(place), length - 1)
      }
    }
    let columns = sources(width, of: self.width)
    var result: [UInt8] = []
    result.reserveCapacity(3 * width * height)
    for row in sources(height, of: self.height) {
      for column in columns {
        let start = 3 * (row * self.width + column)
        result += pixels[start..<start + 3]
      }
    }
    return Image(width: width, height: height, pixels: result)
  }

  /// Resizes every row of the picture to `width` pixels.
  private func across(to width: Int, _ filter: ResizeFilter) -> [UInt8] {
    let weights = ResamplingWeights(from: self.width, to: width, filter)
    let rowBytes = 3 * self.width
    return parallelBytes(count: 3 * width * height) { destination in
      let target = Destination(destination)
      Parallel.forEachRange(height, grain: 16) { rows in
        pixels.withUnsafeBufferPointer { pixels in
          guard let first = pixels.baseAddress else { return }
          func resample(_ rows: Range<Int>, at row: UnsafePointer<UInt8>) {
            weights.across(
              rows.count, row, rowBytes: rowBytes, to: target.start + rows.lowerBound * 3 * width)
          }
          // The kernel reads in strides that end past the row, in the next one or, at last, in a copy.
          let past = pixels.count - weights.reach
          let inside = min(rows.upperBound, max(rows.lowerBound, past / rowBytes))
          resample(rows.lowerBound..<inside, at: first + rows.lowerBound * rowBytes)
          if inside == rows.upperBound { return }
          let left = (rows.upperBound - inside) * rowBytes
          withUnsafeTemporaryAllocation(of: UInt8.self, capacity: left + weights.reach) { copy in
            copy.initialize(repeating: 0)
            guard let start = copy.baseAddress else { return }
            start.update(from: first + inside * rowBytes, count: left)
            resample(inside..<rows.upperBound, at: start)
          }
        }
      }
    }
  }

  /// Calls `body` with every row of the picture, resized to `height` rows.
  private func down(
    to height: Int, _ filter: ResizeFilter, _ body: (Int, UnsafePointer<UInt8>) -> Void
  ) {
    let weights = ResamplingWeights(from: self.height, to: height, filter)
    let rowBytes = 3 * width
    Parallel.forEachRange(height, grain: 8) { range in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: rowBytes) { row in
        pixels.withUnsafeBufferPointer { source in
          guard let from = source.baseAddress, let to = row.baseAddress else { return }
          for y in range {
            weights.down(y, from + weights.rows(of: y).lowerBound * rowBytes, rowBytes, to: to)
            body(y, UnsafePointer(to))
          }
        }
      }
    }
  }
}

/// Where the pieces of a parallel loop write; each writes rows of its own.
private struct Destination: @unchecked Sendable {
  let start: UnsafeMutablePointer<UInt8>
  init(_ start: UnsafeMutablePointer<UInt8>) { self.start = start }
}

private func parallelBytes(
  count: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Void
) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
    if let start = buffer.baseAddress { fill(start) }
    filled = count
  }
}
