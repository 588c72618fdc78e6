import Foundation
import Tensors

/// DETR's sine encoding of image positions (`PositionEmbeddingSine` with normalisation).
///
/// Rows and columns are counted from 1 inside the picture, padding not counted, and scaled to
/// 2π at the last one. Half of the channels hold the row, half the column; channel pairs hold sine
/// and cosine at wavelengths from 2π to 10000 · 2π.
///
/// - Parameters:
///   - valid: `batch * height * width` flags, true inside the picture.
///   - batch: number of pictures.
///   - height: rows of the feature map.
///   - width: columns of the feature map.
///   - channels: width of the encoding, a multiple of 4.
/// - Returns: `[batch, height * width, channels]`
public func sinePositions(
  valid: [Bool], batch: Int, height: Int, width: Int, channels: Int
) -> Tensor {
  precondition(channels % 4 == 0, "a sine encoding needs a multiple of 4 channels, not \(channels)")
  precondition(
    valid.count == batch * height * width,
    "\(valid.count) flags for [\(batch), \(height), \(width)] positions")
  let half = channels / 2
  var table = WaveTable(channels: half)
  return Tensor(shape: [batch, height * width, channels]) { destination in
    for image in 0..<batch {
      let flags = valid[image * height * width..<(image + 1) * height * width]
      func flag(_ row: Int, _ column: Int) -> Int {
        flags[flags.startIndex + row * width + column] ? 1 : 0
      }
      let rowTotals = (0..<width).map { column in
        (0..<height).reduce(0) { $0 + flag($1, column) }
      }
      var rows = [Int](repeating: 0, count: width)
      for row in 0..<height {
        let columnTotal = (0..<width).reduce(0) { $0 + flag(row, $1) }
        var column = 0
        for x in 0..<width {
          rows[x] += flag(row, x)
          column += flag(row, x)
          let target = destination + ((image * height + row) * width + x) * channels
          table.write(rows[x], of: rowTotals[x], to: target)
          table.write(column, of: columnTotal, to: target + half)
        }
      }
    }
  }
}

/// The encodings of `count` out of `total` positions, each computed once.
private struct WaveTable {
  private let channels: Int
  private let wavelengths: [Float]
  private var known: [Int: [Int: [Float]]] = [:]

  init(channels: Int) {
    self.channels = channels
    wavelengths = (0..<channels).map { pow(10000, Float(2 * ($0 / 2)) / Float(channels)) }
  }

  mutating func write(_ count: Int, of total: Int, to target: UnsafeMutablePointer<Float>) {
    let encoding = known[total]?[count] ?? add(count, of: total)
    for channel in 0..<channels { target[channel] = encoding[channel] }
  }

  private mutating func add(_ count: Int, of total: Int) -> [Float] {
    let angle = Float(count) / (Float(total) + 1e-6) * (2 * .pi)
    let encoding = (0..<channels).map { channel in
      let value = angle / wavelengths[channel]
      return channel % 2 == 0 ? sin(value) : cos(value)
    }
    known[total, default: [:]][count] = encoding
    return encoding
  }
}
