import Foundation
import Inputs
import Testing

@Suite struct ImageReadingTests {
  @Test func thereAreFixtures() {
    #expect(PictureFixtures.names.count == 65)
  }

  // Both sides decode by the same integer algorithms: equality is exact, JPEG included.
  @Test(arguments: PictureFixtures.names)
  func equalsPillow(_ name: String) throws {
    let expected = try #require(PictureFixtures.expected[name])
    let image = try Image(contentsOf: PictureFixtures.path(name))
    #expect(image.width == expected.width)
    #expect(image.height == expected.height)
    #expect(largestDifference(image.pixels, expected.rgb) == 0)
    #expect(image.pixels.count == expected.rgb.count)
    #expect((image.alpha == nil) == (expected.alpha == nil))
    if let alpha = image.alpha, let wanted = expected.alpha {
      #expect(alpha == [UInt8](wanted))
    }
  }

  @Test func contentDecidesAndNotTheName() throws {
    try PictureFixtures.withFolder { folder in
      let wrong = folder + "/really-a-jpeg.png"
      try FileManager.default.copyItem(atPath: PictureFixtures.path("grey.jpg"), toPath: wrong)
      let image = try Image(contentsOf: wrong)
      #expect(image.size == ImageSize(width: 33, height: 21))
    }
  }

  @Test func readsDataAndArrays() throws {
    let bytes = try PictureFixtures.bytes("rgb-8.png")
    let fromArray = try Image(decoding: bytes, name: "array")
    let fromData = try Image(decoding: Data(bytes), name: "data")
    #expect(fromArray == fromData)
  }

  @Test func pngRoundTrip() throws {
    for name in ["rgb-8.png", "rgba-8.png", "one-pixel.png"] {
      let image = try Image(contentsOf: PictureFixtures.path(name))
      #expect(try Image(decoding: encodePNG(image), name: name) == image)
    }
  }

  @Test func jpegRoundTrip() throws {
    let image = Image(width: 40, height: 30, filledWith: (200, 30, 90))
    let again = try Image(decoding: encodeJPEG(image, quality: 95), name: "again")
    #expect(again.size == image.size)
    #expect(largestDifference(again.pixels, image.pixels) <= 3)
    #expect(encodeJPEG(image, quality: 10).count < encodeJPEG(image, quality: 100).count)
  }

  @Test func truncatedPictureIsReadOnRequest() throws {
    var limits = ImageLimits.standard
    limits.acceptsTruncated = true
    for name in ["rgb-8.png", "rgb-8-interlaced.png", "rgb-420.jpg", "rgb-progressive.jpg"] {
      let whole = try PictureFixtures.bytes(name)
      let half = Array(whole.prefix(whole.count * 3 / 4))
      let image = try Image(decoding: half, name: name, limits: limits)
      let complete = try Image(decoding: whole, name: name)
      #expect(image.size == complete.size)
      // The first scan or pass of the others holds a coarse picture only.
      guard name == "rgb-8.png" || name == "rgb-420.jpg" else { continue }
      #expect(image.pixels.prefix(3 * image.width) == complete.pixels.prefix(3 * image.width))
    }
  }
}
