import Foundation

/// How the colours of a cut-out are changed.
struct SceneTint: Sendable {
  /// The new colour of every brightness; empty where the old colour counts.
  private var ramp: [SIMD4<Int32>] = []
  /// Rows of the matrix in 1/1024, for red, green and blue.
  private var matrix: (SIMD4<Int32>, SIMD4<Int32>, SIMD4<Int32>)
  /// What is added to opaque colours.
  private let offset: SIMD4<Int32>

  /// Small changes.
  ///
  /// - Parameters:
  ///   - brightness: factor of all channels.
  ///   - contrast: factor of the distance from the middle.
  ///   - saturation: factor of the distance from grey.
  ///   - hue: turn of the hue, in radians.
  init(brightness: Float = 1, contrast: Float = 1, saturation: Float = 1, hue: Float = 0) {
    // Turning about the grey axis mixes each channel with the two others by the same three numbers.
    let (cosine, sine) = (cos(hue), sin(hue))
    let own = cosine + (1 - cosine) / 3
    let (next, last) = (
      (1 - cosine) / 3 - sine / Float(3).squareRoot(),
      (1 - cosine) / 3 + sine / Float(3).squareRoot()
    )
    let turn = [[own, next, last], [last, own, next], [next, last, own]]
    let grey: [Float] = [0.299, 0.587, 0.114]
    func row(_ channel: Int) -> SIMD4<Int32> {
      var result = SIMD4<Int32>.zero
      for source in 0..<3 {
        let mixed = turn[channel][source] * saturation + (1 - saturation) * grey[source]
        result[source] = Int32((mixed * brightness * contrast * 1024).rounded())
      }
      return result
    }
    matrix = (row(0), row(1), row(2))
    offset = SIMD4(repeating: Int32(((1 - contrast) * 128).rounded()))
  }

  /// Everything in one colour, light and dark kept.
  ///
  /// - Parameters:
  ///   - colour: the colour of what is as bright as the whole.
  ///   - brightness: how bright the whole is, 0...255.
  init(painting colour: SceneColour, brightness: Float) {
    self.init()
    let tone = colour.tone
    let middle = max(brightness, 24)
    ramp = (0..<256).map { level in
      func channel(_ value: Float) -> Int32 {
        let level = Float(level)
        let result =
          level <= middle
          ? value * level / middle
          : value + (255 - value) * 0.6 * (level - middle) / (256 - middle)
        return Int32(min(max(result, 0), 255).rounded())
      }
      return SIMD4(channel(tone.red), channel(tone.green), channel(tone.blue), 0)
    }
  }

  /// The changed colour of a pixel whose colours are multiplied by its opacity, which stays.
  @inline(__always)
  func callAsFunction(_ pixel: SIMD4<Int32>) -> SIMD4<Int32> {
    let opacity = pixel.w
    if !ramp.isEmpty {
      let sum = 77 &* pixel.x &+ 150 &* pixel.y &+ 29 &* pixel.z
      let level = (sum >> 8) &* 255 / opacity
      var result = ramp[Int(min(level, 255))]
      result = (result &* opacity &+ 127) / 255
      result.w = opacity
      return result
    }
    func mixed(_ row: SIMD4<Int32>) -> Int32 {
      let product = row &* pixel
      let sum = product.x &+ product.y &+ product.z
      let value = (sum >> 10) &+ offset.x &* opacity / 255
      return min(max(value, 0), opacity)
    }
    return SIMD4(mixed(matrix.0), mixed(matrix.1), mixed(matrix.2), opacity)
  }
}
