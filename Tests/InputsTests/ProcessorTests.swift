import Foundation
import Inputs
import Support
import Testing

/// Sizes and pixels against Hugging Face's image processors.
@Suite struct ProcessorTests {
  private func size(_ place: [Int], _ rounding: Preprocessing.Rounding) -> ImageSize {
    Preprocessing.Resize
      .shortestSide(short: place[2], longestMaximum: place[3], rounding: rounding)
      .size(of: ImageSize(width: place[0], height: place[1]))
  }

  @Test(arguments: [(Preprocessing.Rounding.detr, 4), (.huggingFace, 6)])
  func tenThousandSizesEqualTheReference(rounding: Preprocessing.Rounding, at: Int) throws {
    let goldens = try ProcessorGoldens.read().sizes
    #expect(goldens.kept.count == 500)
    for golden in goldens.kept {
      let found = size(golden, rounding)
      #expect(found == ImageSize(width: golden[at], height: golden[at + 1]), "\(golden)")
    }
    let bounds = [(800, 1333), (480, 1333), (64, 64), (384, 640), (400, 600)]
    var state: UInt32 = 7
    func below(_ limit: Int) -> Int {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int(state >> 8) % limit
    }
    var sum: UInt64 = 0
    var position: UInt64 = 0
    for _ in 0..<10_000 {
      let width = 40 + below(3960)
      var height = 40 + below(3960)
      if below(5) == 0 { height = max(40, width + below(5) - 2) }
      let (short, longest) = bounds[below(bounds.count)]
      let found = size([width, height, short, longest], rounding)
      for side in [found.width, found.height] {
        position += 1
        sum &+= UInt64(side) &* position
      }
    }
    #expect("\(sum)" == goldens.sums[rounding.rawValue])
  }

  @Test func pixelsAreWithinOneOf255OfTheReference() throws {
    let goldens = try ProcessorGoldens.read().pixels
    #expect(goldens.count == 240)
    for golden in goldens {
      let preprocessing = try Preprocessing(
        huggingFace: Data(golden.config.utf8), file: "preprocessor_config.json")
      let found = preprocessing(ProcessorGoldens.source(golden.from, seed: golden.seed))
      let words = "\(golden.from) seed \(golden.seed) \(golden.config)"
      guard found.shape == [3, golden.to[1], golden.to[0]] else {
        Issue.record("shape \(found.shape), expected \(golden.to): \(words)")
        continue
      }
      let elements = found.elements
      let area = elements.count / 3
      // One step of 8 bits, after scaling and normalising; and the rounding of the last digits.
      let steps = preprocessing.standardDeviation.map {
        Float(preprocessing.scale ?? 1 / 255) / $0 * 1.0001
      }
      for (index, expected) in numbers(golden.samples).enumerated() {
        let place = index * 7919 * 613 % elements.count
        let difference = abs(elements[place] - expected)
        #expect(difference <= steps[place / area], "element \(place): \(words)")
      }
      for channel in 0..<3 {
        let values = elements[channel * area..<(channel + 1) * area]
        let mean = values.reduce(0.0) { $0 + Double($1) } / Double(area)
        #expect(abs(Float(mean) - golden.means[channel]) <= steps[channel] / 10, "\(words)")
      }
    }
  }

  @Test func otherFiltersEqualPillowBitByBit() throws {
    for golden in try ProcessorGoldens.read().filters {
      let result = ProcessorGoldens.source(golden.from, seed: golden.seed)
        .resized(width: golden.to[0], height: golden.to[1], filter: golden.filter)
      var sum: UInt64 = 0
      for (position, byte) in result.pixels.enumerated() {
        sum &+= UInt64(byte) &* UInt64(position + 1)
      }
      #expect("\(sum)" == golden.sum, "\(golden.from) to \(golden.to), \(golden.filter)")
    }
  }

  private func numbers(_ data: Data) -> [Float] {
    let bytes = [UInt8](data)
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      let pattern = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) }
      return Float(bitPattern: pattern)
    }
  }

  @Test func theMiddleIsKeptAndBlackIsAdded() {
    let image = Image(width: 3, height: 2, pixels: (1...18).map { UInt8($0) })
    #expect(image.centreCropped(width: 3, height: 2) == image)
    #expect(image.centreCropped(width: 1, height: 1).pixels == [4, 5, 6])
    let wide = image.centreCropped(width: 6, height: 1)
    #expect(wide.pixels == [0, 0, 0, 0, 0, 0] + (1...9).map { UInt8($0) } + [0, 0, 0])
  }

  @Test func aSizeWithoutABoundEndsAtSixteenMillionPixels() {
    let resize = Preprocessing.Resize.shortestSide(short: 224, longestMaximum: nil)
    #expect(
      resize.size(of: ImageSize(width: 100, height: 301)) == ImageSize(width: 224, height: 674))
    #expect(
      resize.size(of: ImageSize(width: 30_000, height: 1)) == ImageSize(width: 74898, height: 224))
  }
}
