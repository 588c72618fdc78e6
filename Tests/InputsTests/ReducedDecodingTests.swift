import Foundation
import Inputs
import Testing

@testable import enum Inputs.Decoding

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
    .reduced(to: { _ in size }, fromPixels: pixels)
  }

  /// The file with an EXIF block that says how it has to be turned.
  private func turned(_ orientation: UInt8) -> [UInt8] {
    let tiff: [UInt8] = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0]
    let block = Array("Exif\0\0".utf8) + tiff + [orientation, 0, 0, 0, 0, 0, 0]
    return Self.file.prefix(2) + [0xff, 0xe1, 0, UInt8(block.count + 2)] + block
      + Self.file.dropFirst(2)
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
    let small = try Image(
      decoding: Self.file, name: "reduced",
      scale: reduced(to: ImageSize(width: width, height: height)))
    #expect(small.originalSize == exact.size)
    #expect(small.size == ImageSize(width: 2408 / factor, height: 1800 / factor))
    let (a, b) = (
      exact.resized(width: width, height: height), small.resized(width: width, height: height)
    )
    #expect(a.size == b.size)
    #expect(meanDifference(a, b) < 0.6)
    #expect(largestDifference(a.pixels, b.pixels) <= 3)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt8>)
  func orientationIsApplied(_ orientation: UInt8) throws {
    let size = ImageSize(width: 280, height: 280)
    let bytes = turned(orientation)
    let exact = try Image(decoding: bytes, name: "exact")
    let small = try Image(decoding: bytes, name: "reduced", scale: reduced(to: size))
    #expect(small.width == exact.width / 2)
    #expect(small.originalSize == exact.size)
    #expect(exact.width == (orientation >= 5 ? 1800 : 2408))
    let (a, b) = (
      exact.resized(width: 280, height: 280), small.resized(width: 280, height: 280)
    )
    #expect(largestDifference(a.pixels, b.pixels) <= 3)
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
    #expect(small.size == ImageSize(width: exact.width / factor, height: exact.height / factor))
    #expect(small.originalSize == exact.size)
    let (a, b) = (exact.resized(width: 8, height: 5), small.resized(width: 8, height: 5))
    #expect(meanDifference(a, b) < 3)
    #expect(largestDifference(a.pixels, b.pixels) <= 16)
  }

  @Test func smallPicturesAndPNGsStayExact() throws {
    let tiny = reduced(to: ImageSize(width: 1, height: 1))
    let name = PictureFixtures.path("rgb-420.jpg")
    #expect(try Image(contentsOf: name, scale: tiny) == Image(contentsOf: name))
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
    #expect(small.width == exact.width / 2)
    #expect(preprocessing(small).shape == preprocessing(exact).shape)
    var nearest = preprocessing
    nearest.filter = .nearest
    #expect(try Image(decoding: Self.file, name: "exact", scale: nearest.decoding) == exact)
  }
}
