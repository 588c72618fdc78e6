import Foundation

extension Tensor {
  /// The rectifier with a learned slope on its left: max(x, 0) + slope · min(x, 0) (He et al.,
  /// Delving Deep into Rectifiers, 2015).
  ///
  /// - Parameter slope: broadcasts to this tensor's shape; `[1]` for one slope.
  public func parametricReLU(slope: Tensor) -> Tensor { relu() - slope * (-self).relu() }

  /// The logit log(x / (1 - x)) of a fraction, both parts kept at `epsilon` at least.
  ///
  /// The gradient is 0 where the fraction lies outside `0...1`, and of a part that was raised.
  public func inverseSigmoid(epsilon: Float = 1e-5) -> Tensor {
    let fraction = clamped(to: 0...1)
    let parts = fraction.clamped(to: epsilon...1) / (1 - fraction).clamped(to: epsilon...1)
    return parts.logarithm()
  }
}

/// Wavelengths of a sine encoding, in radians over 2π: each pair of channels shares
/// temperature^(2 floor(channel / 2) / channels).
public func sineWavelengths(channels: Int, temperature: Float = 10_000) -> [Float] {
  (0..<channels).map { pow(temperature, Float(2 * ($0 / 2)) / Float(channels)) }
}

/// The sine encoding of coordinates in fractions of a picture, as DETR encodes pixels: coordinate
/// times 2π over the wavelength, sine and cosine in turn (`gen_sineembed_for_position` in
/// Conditional DETR).
///
/// - Parameters:
///   - coordinates: `[…, n]`, from 0 to 1 inside the picture.
///   - channels: channels of each coordinate, even.
/// - Returns: `[…, n * channels]`, coordinate by coordinate.
public func sineEncoding(of coordinates: Tensor, channels: Int) -> Tensor {
  precondition(
    channels % 2 == 0 && coordinates.rank > 0,
    "a sine encoding of \(coordinates.shape) with \(channels) channels; it needs an even number")
  let frequencies = sineWavelengths(channels: channels)
  let scale = 2 * Float.pi
  let count = coordinates.count
  let shape = coordinates.shape.dropLast() + [coordinates.width * channels]
  let encoding = Tensor(shape: Shape(shape)) { y in
    coordinates.withPointer { x in
      for index in 0..<count {
        let angle = x[index] * scale
        for pair in 0..<channels / 2 {
          let value = angle / frequencies[2 * pair]
          y[index * channels + 2 * pair] = sin(value)
          y[index * channels + 2 * pair + 1] = cos(value)
        }
      }
    }
  }
  let original = coordinates.shape
  return encoding.recorded(from: [coordinates]) { gradient, _ in
    let result = Tensor(shape: original) { dx in
      gradient.withPointer { g in
        encoding.withPointer { y in
          for index in 0..<count {
            var slope: Float = 0
            for pair in 0..<channels / 2 {
              let at = index * channels + 2 * pair
              slope += (g[at] * y[at + 1] - g[at + 1] * y[at]) / frequencies[2 * pair]
            }
            dx[index] = slope * scale
          }
        }
      }
    }
    return [result]
  }
}
