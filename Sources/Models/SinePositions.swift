import Foundation
import Tensors

/// How the rows and columns of a feature map are encoded by sines.
public struct SineEncoding: Codable, Sendable, Equatable {
  /// Longest wavelength of the rows, in multiples of the shortest.
  public var rowTemperature: Float
  /// Longest wavelength of the columns, in multiples of the shortest.
  public var columnTemperature: Float
  /// The number that the last row and the last column are scaled to, in radians.
  public var scale: Float

  enum CodingKeys: String, CodingKey {
    case rowTemperature = "row_temperature"
    case columnTemperature = "column_temperature"
    case scale
  }

  /// DETR's encoding, or another.
  public init(
    rowTemperature: Float = 10_000, columnTemperature: Float = 10_000, scale: Float = 2 * .pi
  ) {
    self.rowTemperature = rowTemperature
    self.columnTemperature = columnTemperature
    self.scale = scale
  }
}

/// DETR's sine encoding of image positions (`PositionEmbeddingSine` with normalisation).
///
/// Rows and columns are counted from 1 inside the picture, padding not counted, and scaled to
/// 2π at the last one. Half of the channels hold the row, half the column; channel pairs hold sine
/// and cosine at wavelengths from 2π to temperature · 2π.
///
/// - Parameters:
///   - valid: `batch * height * width` flags, true inside the picture.
///   - batch: number of pictures.
///   - height: rows of the feature map.
///   - width: columns of the feature map.
///   - channels: width of the encoding, a multiple of 4.
///   - encoding: temperatures and scale, DETR's unless given.
/// - Returns: `[batch, height * width, channels]`
public func sinePositions(
  valid: [Bool], batch: Int, height: Int, width: Int, channels: Int,
  encoding: SineEncoding = SineEncoding()
) -> Tensor {
  precondition(channels % 4 == 0, "a sine encoding needs a multiple of 4 channels, not \(channels)")
  precondition(
    valid.count == batch * height * width,
    "\(valid.count) flags for [\(batch), \(height), \(width)] positions")
  let half = channels / 2
  var rowTable = WaveTable(half, encoding.rowTemperature, encoding.scale)
  var columnTable = WaveTable(half, encoding.columnTemperature, encoding.scale)
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
          rowTable.write(rows[x], of: rowTotals[x], to: target)
          columnTable.write(column, of: columnTotal, to: target + half)
        }
      }
    }
  }
}

/// The encodings of `count` out of `total` positions, each computed once.
private struct WaveTable {
  private let channels: Int
  private let wavelengths: [Float]
  private let scale: Float
  private var known: [Int: [Int: [Float]]] = [:]

  init(_ channels: Int, _ temperature: Float, _ scale: Float) {
    self.channels = channels
    self.scale = scale
    wavelengths = sineWavelengths(channels: channels, temperature: temperature)
  }

  mutating func write(_ count: Int, of total: Int, to target: UnsafeMutablePointer<Float>) {
    let encoding = known[total]?[count] ?? add(count, of: total)
    for channel in 0..<channels { target[channel] = encoding[channel] }
  }

  private mutating func add(_ count: Int, of total: Int) -> [Float] {
    let angle = Float(count) / (Float(total) + 1e-6) * scale
    let encoding = (0..<channels).map { channel in
      let value = angle / wavelengths[channel]
      return channel % 2 == 0 ? sin(value) : cos(value)
    }
    known[total, default: [:]][count] = encoding
    return encoding
  }
}
