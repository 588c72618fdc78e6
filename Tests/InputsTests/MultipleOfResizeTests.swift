import Foundation
import Inputs
import Support
import Tensors
import Testing

/// What Hugging Face's ViltImageProcessor made: `Goldens/Inputs/make_vilt_pixels.py`.
private struct ViLTPixels: Decodable {
  struct Picture: Decodable {
    let from: [Int]
    let to: [Int]
    /// Mean of all normalised values.
    let mean: Double
    /// 64 values of -1...1 as bytes.
    let samples: Data
  }

  /// Width, height, short, longest, divisor; then width and height of the result.
  let sizes: [[Int]]
  let pixels: [Picture]

  static func read() throws -> ViLTPixels {
    let data = try Data(contentsOf: URL(fileURLWithPath: Golden.path("Inputs/vilt_pixels.json")))
    return try JSONDecoder().decode(ViLTPixels.self, from: data)
  }
}

@Suite struct MultipleOfResizeTests {
  private let vilt = Preprocessing(
    resize: .multipleOf(divisor: 32, short: 384, longestMaximum: 639), filter: .bicubic,
    mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5])

  @Test func sizesEqualTheReferences() throws {
    let sizes = try ViLTPixels.read().sizes
    #expect(sizes.count == 1000)
    for golden in sizes {
      let resize = Preprocessing.Resize.multipleOf(
        divisor: golden[4], short: golden[2], longestMaximum: golden[3])
      let found = resize.size(of: ImageSize(width: golden[0], height: golden[1]))
      #expect(found == ImageSize(width: golden[5], height: golden[6]), "\(golden)")
    }
  }

  @Test func aVeryThinPictureKeepsOnePatch() {
    #expect(
      vilt.resize.size(of: ImageSize(width: 2, height: 30_000))
        == ImageSize(width: 32, height: 608))
  }

  @Test func pixelsEqualTheReferences() throws {
    let pictures = try ViLTPixels.read().pixels
    #expect(pictures.count == 200)
    var worst: Float = 0
    for (index, golden) in pictures.enumerated() {
      let (width, height) = (golden.from[0], golden.from[1])
      let source = Image(
        width: width, height: height,
        pixels: generatedBytes(3 * width * height, seed: UInt32(index + 1)))
      let found = vilt(source)
      #expect(found.shape == [3, golden.to[1], golden.to[0]])
      let mean = Double(found.sum().scalar) / Double(found.count)
      #expect(abs(mean - golden.mean) < 1e-4, "\(golden.from): mean \(mean), not \(golden.mean)")
      found.withPointer { values in
        for (sample, byte) in golden.samples.enumerated() {
          let value = values[sample * 7919 * 613 % found.count]
          worst = max(worst, abs((value + 1) * 127.5 - Float(byte)))
        }
      }
    }
    #expect(worst <= 1.001, "a value differs by \(worst) of 255")
  }

  @Test func codesAndRefuses() throws {
    let data = try JSONEncoder().encode(vilt)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: data) == vilt)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains(#""kind":"multipleOf""#))
    let wide = text.replacingOccurrences(of: #""divisor":32"#, with: #""divisor":385"#)
    #expect {
      try JSONDecoder().decode(Preprocessing.self, from: Data(wide.utf8))
    } throws: { error in
      "\(error)".contains("divisor: expected at most short, 384, found 385")
    }
  }
}
