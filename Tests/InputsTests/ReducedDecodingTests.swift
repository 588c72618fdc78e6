import Foundation
import Inputs
import Testing

@testable import struct Inputs.Decoding

@Suite struct ReducedDecodingTests {
  /// Waves of several lengths in every channel, so that a mistake of a pixel shows.
  private static let wavy: Image = {
    let (width, height) = (2408, 1800)
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    for y in 0..<height {
      for x in 0..<width {
        let start = 3 * (y * width + x)
        let wave = sin(Double(x) / 40) + sin(Double(y) / 23)
        pixels[start] = UInt8(128 + 60 * wave)
        pixels[start + 1] = UInt8(x * 255 / width)
        pixels[start + 2] = UInt8(y * 255 / height)
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }()

  private static let file = encodeJPEG(wavy, quality: 90)

  private func reduced(
    to size: ImageSize, from pixels: Int = Decoding.leastReducedPixels
  ) -> Decoding {
    .resized(to: { _ in size }, reducedFrom: pixels)
  }

  /// The file with sides that end where its blocks of 8 x 8 pixels end.
  private func withWholeBlocks(_ file: [UInt8]) -> [UInt8] {
    var file = file
    var position = 2
    while ![0xc0, 0xc1, 0xc2].contains(file[position + 1]) {
      position += 2 + Int(file[position + 2]) << 8 + Int(file[position + 3])
    }
    for low in [position + 6, position + 8] { file[low] = (file[low] + 7) / 8 * 8 }
    return file
  }

  private func meanDifference(_ a: Image, _ b: Image) -> Double {
    let sum = zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(a.pixels.count)
  }

  @Test(arguments: [
    (4000, 3000, 640, 480, 2), (4000, 3000, 1067, 800, 1), (4000, 3000, 500, 375, 4),
    (4000, 3000, 501, 375, 2), (4000, 3000, 224, 224, 4), (8000, 6000, 224, 224, 8),
    (9000, 500, 300, 224, 1), (4002, 3002, 224, 224, 2), (4001, 3000, 224, 224, 1),
    (2000, 1500, 100, 75, 1), (3000, 4000, 100, 2000, 1),
  ])
  func theReducedPictureIsTwiceAsLarge(
    width: Int, height: Int, toWidth: Int, toHeight: Int, factor: Int
  ) {
    let scale = reduced(to: ImageSize(width: toWidth, height: toHeight))
    #expect(scale.reduction(of: ImageSize(width: width, height: height)) == factor)
    #expect(Decoding.exact.reduction(of: ImageSize(width: width, height: height)) == 1)
  }

  @Test(arguments: [(600, 450, 2), (300, 225, 4), (150, 112, 8)])
  func aReducedPictureGivesNearlyTheSameSmallOne(width: Int, height: Int, factor: Int) throws {
    let exact = try Image(decoding: Self.file, name: "exact")
    let size = ImageSize(width: width, height: height)
    let small = try Image(decoding: Self.file, name: "reduced", scale: reduced(to: size))
    #expect(reduced(to: size).reduction(of: exact.size) == factor)
    #expect(small.originalSize == exact.size)
    #expect(small.size == size)
    let wanted = exact.resized(width: width, height: height)
    #expect(meanDifference(wanted, small) < 0.6)
    #expect((1...3).contains(largestDifference(wanted.pixels, small.pixels)))
  }

  @Test(arguments: 1...8 as ClosedRange<UInt8>)
  func orientationIsApplied(_ orientation: UInt8) throws {
    let size = ImageSize(width: 280, height: 280)
    let bytes = turned(Self.file, orientation)
    let exact = try Image(decoding: bytes, name: "exact")
    let small = try Image(decoding: bytes, name: "reduced", scale: reduced(to: size))
    #expect(reduced(to: size).reduction(of: exact.size) == 2)
    #expect(small.originalSize == exact.size)
    #expect(exact.width == (orientation >= 5 ? 1800 : 2408))
    let wanted = exact.resized(width: 280, height: 280)
    #expect(largestDifference(wanted.pixels, small.pixels) <= 3)
  }

  @Test(arguments: [
    "rgb-420.jpg", "rgb-progressive.jpg", "grey.jpg", "grey-progressive.jpg", "cmyk.jpg",
    "cmyk-progressive.jpg",
  ])
  func everyKindOfJPEGCanBeReduced(_ name: String) throws {
    let bytes = withWholeBlocks(try PictureFixtures.bytes(name))
    let exact = try Image(decoding: bytes, name: name)
    let size = ImageSize(width: 8, height: 5)
    let scale = reduced(to: size, from: 0)
    let small = try Image(decoding: bytes, name: name, scale: scale)
    let factor = scale.reduction(of: exact.size)
    #expect(factor > 1)
    #expect(small.size == size)
    #expect(small.originalSize == exact.size)
    let wanted = exact.resized(width: 8, height: 5)
    #expect(meanDifference(wanted, small) < 3)
    #expect(largestDifference(wanted.pixels, small.pixels) <= 16)
  }

  @Test func smallPicturesAndPNGsStayExact() throws {
    let tiny = reduced(to: ImageSize(width: 1, height: 1))
    let name = PictureFixtures.path("rgb-420.jpg")
    let exact = try Image(contentsOf: name)
    #expect(tiny.reduction(of: exact.size) == 1)
    #expect(
      try Image(contentsOf: name, scale: tiny).pixels == exact.resized(width: 1, height: 1).pixels)
    let png = PictureFixtures.path("rgb-8.png")
    let always = reduced(to: ImageSize(width: 1, height: 1), from: 0)
    #expect(try Image(contentsOf: png, scale: always) == Image(contentsOf: png))
  }

  @Test func aTruncatedFileIsStillRefused() throws {
    let bytes = Array(Self.file.prefix(Self.file.count / 2))
    let scale = reduced(to: ImageSize(width: 100, height: 75))
    let error = #expect(throws: ImageError.self) {
      try Image(decoding: bytes, name: "half.jpg", scale: scale)
    }
    guard case .truncated? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func preprocessingMakesTheSizeOfTheOriginal() throws {
    let preprocessing = Preprocessing(resize: .shortestSide(short: 333, longestMaximum: 1333))
    let exact = try Image(decoding: Self.file, name: "exact")
    let small = try Image(decoding: Self.file, name: "reduced", scale: preprocessing.decoding)
    #expect(small.size == ImageSize(width: 445, height: 333))
    #expect(preprocessing(small).shape == preprocessing(exact).shape)
    var nearest = preprocessing
    nearest.filter = .nearest
    #expect(try Image(decoding: Self.file, name: "exact", scale: nearest.decoding) == exact)
  }
}
