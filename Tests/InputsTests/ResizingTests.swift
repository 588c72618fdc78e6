import Foundation
import Inputs
import Support
import Testing

/// What `Goldens/Inputs/make_resize.py` computed.
struct ResizeGoldens: Decodable {
  struct Case: Decodable {
    let from: [Int]
    let to: [Int]
    let filter: ResizeFilter
    let seed: UInt32
    let pixels: Data?
    let sum: String
  }

  let resized: [Case]
  /// Width, height, short, longest; then width and height by either rounding.
  let sizes: [[Int]]
  /// Bit patterns of a normalised picture of 7 x 5 pixels.
  let normalizedBits: [UInt32]

  static func read() throws -> ResizeGoldens {
    let data = try Data(contentsOf: URL(fileURLWithPath: Golden.path("Inputs/resize.json")))
    return try JSONDecoder().decode(ResizeGoldens.self, from: data)
  }
}

@Suite struct ResizingTests {
  private func source(_ golden: ResizeGoldens.Case) -> Image {
    var pixels = generatedBytes(3 * golden.from[0] * golden.from[1], seed: golden.seed)
    if golden.seed % 3 == 0 { pixels = pixels.map { $0 > 127 ? 255 : 0 } }
    return Image(width: golden.from[0], height: golden.from[1], pixels: pixels)
  }

  @Test func equalsPillowBitByBit() throws {
    let goldens = try ResizeGoldens.read().resized
    #expect(goldens.count == 144)
    forEveryKernelLevel { level in
      for golden in goldens { expectEqual(golden, level) }
    }
  }

  private func expectEqual(_ golden: ResizeGoldens.Case, _ level: String) {
    let result = source(golden).resized(
      width: golden.to[0], height: golden.to[1], filter: golden.filter)
    let words = "\(golden.from) to \(golden.to), \(golden.filter), \(level)"
    #expect(result.size == ImageSize(width: golden.to[0], height: golden.to[1]))
    if let pixels = golden.pixels { #expect(result.pixels == [UInt8](pixels), "\(words)") }
    var sum: UInt64 = 0
    for (position, byte) in result.pixels.enumerated() {
      sum &+= UInt64(byte) &* UInt64(position + 1)
    }
    #expect("\(sum)" == golden.sum, "\(words)")
  }

  @Test func oneColourStaysOneColour() {
    let image = Image(width: 37, height: 23, filledWith: (3, 128, 255))
    for filter in ResizeFilter.allCases {
      let result = image.resized(width: 91, height: 7, filter: filter)
      #expect(result == Image(width: 91, height: 7, filledWith: (3, 128, 255)))
    }
  }
}
