import CKernels
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

  /// The number by which the kernels know it.
  fileprivate var kernel: Int32 {
    switch self {
    case .bilinear: 0
    case .bicubic: 1
    case .lanczos: 2
    case .box: 3
    case .hamming: 4
    case .nearest: preconditionFailure("the nearest pixel is not a sum of weighted ones")
    }
  }
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
    precondition(width > 0 && height > 0, "a picture cannot be resized to \(width) x \(height)")
    if filter == .nearest { return nearest(width: width, height: height) }
    let narrow = width == self.width ? pixels : across(to: width, filter)
    let result =
      height == self.height ? narrow : Self.down(narrow, width, self.height, height, filter)
    return Image(width: width, height: height, pixels: result)
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
        // The kernel reads in strides that end past the row.
        let room = rowBytes + 3 * weights.taps + 16
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { row in
          row.initialize(repeating: 0)
          for y in rows {
            pixels.withUnsafeBufferPointer { pixels in
              guard let from = pixels.baseAddress, let to = row.baseAddress else { return }
              to.update(from: from + y * rowBytes, count: rowBytes)
            }
            kernel_resample_across(
              width, weights.taps, weights.starts, weights.weights, row.baseAddress,
              target.start + y * 3 * width)
          }
        }
      }
    }
  }

  /// Resizes `rows` rows of `width` pixels to `height` rows.
  private static func down(
    _ pixels: [UInt8], _ width: Int, _ rows: Int, _ height: Int, _ filter: ResizeFilter
  ) -> [UInt8] {
    let weights = ResamplingWeights(from: rows, to: height, filter)
    let rowBytes = 3 * width
    return parallelBytes(count: rowBytes * height) { destination in
      let target = Destination(destination)
      Parallel.forEachRange(height, grain: 8) { range in
        pixels.withUnsafeBufferPointer { source in
          weights.weights.withUnsafeBufferPointer { factors in
            guard let from = source.baseAddress, let factor = factors.baseAddress else { return }
            for y in range {
              let first = Int(weights.starts[y])
              kernel_resample_down(
                rowBytes, min(weights.taps, rows - first), factor + y * weights.taps,
                from + first * rowBytes, target.start + y * rowBytes)
            }
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

/// For every output element the source elements it is made of.
private struct ResamplingWeights {
  let taps: Int
  let starts: [Int32]
  let weights: [Int32]

  init(from source: Int, to result: Int, _ filter: ResizeFilter) {
    let kind = filter.kernel
    let taps = kernel_resampling_taps(source, result, kind)
    var starts = [Int32](repeating: 0, count: result)
    var weights = [Int32](repeating: 0, count: result * taps)
    kernel_resampling_weights(source, result, kind, taps, &starts, &weights)
    self.taps = taps
    self.starts = starts
    self.weights = weights
  }
}
