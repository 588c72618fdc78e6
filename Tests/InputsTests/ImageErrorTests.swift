import Foundation
import Inputs
import Testing

@Suite struct ImageErrorTests {
  private func failure(_ body: () throws -> Image) -> ImageError? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? ImageError
    }
  }

  private func failure(of bytes: [UInt8], limits: ImageLimits = .standard) -> ImageError? {
    failure { try Image(decoding: bytes, name: "x.png", limits: limits) }
  }

  private func failure(reading path: String) -> ImageError? {
    failure { try Image(contentsOf: path) }
  }

  @Test func pathsThatAreNoPicture() throws {
    try PictureFixtures.withFolder { folder in
      #expect(failure(reading: folder) == .directory(file: folder))
      let path = folder + "/none.png"
      #expect(failure(reading: path) == .missing(file: path))
      #expect(
        failure(reading: path)?.description == "\(path): there is no such file; check the path")
      #expect(FileManager.default.createFile(atPath: path, contents: Data()))
      #expect(failure(reading: path) == .empty(file: path))
      try Data("hello".utf8).write(to: URL(fileURLWithPath: path))
      #expect(failure(reading: path) == .notAnImage(file: path, found: "text"))
      let loop = folder + "/loop.png"
      #expect(symlink(loop, loop) == 0)
      #expect(
        failure(reading: loop)
          == .unreadable(file: loop, reason: "Too many levels of symbolic links"))
      #expect(failure(reading: path + "/below.png") == .missing(file: path + "/below.png"))
      if geteuid() != 0 {
        #expect(chmod(path, 0) == 0)
        #expect(failure(reading: path) == .unreadable(file: path, reason: "Permission denied"))
      }
    }
  }

  @Test func otherFormatsAreNamed() throws {
    for (kind, words) in [
      ("gif", "a GIF picture"), ("webp", "a WebP picture"), ("tiff", "a TIFF picture"),
      ("bmp", "a BMP picture"), ("ppm", "a PNM picture"),
    ] {
      let path = PictureFixtures.path("other." + kind)
      #expect(failure(reading: path) == .unsupportedFormat(file: path, format: words))
    }
    let heic = [0, 0, 0, 24] + Array("ftypheic".utf8) + [UInt8](repeating: 0, count: 40)
    #expect(failure(of: heic) == .unsupportedFormat(file: "x.png", format: "a HEIC picture"))
    #expect(
      failure(of: heic)?.description
        == "x.png: expected a PNG or JPEG picture, found a HEIC picture, which is not supported; "
        + "convert it to PNG or JPEG first")
    #expect(
      failure(of: [1, 2, 250])
        == .notAnImage(file: "x.png", found: "unknown data that begins with the bytes 01 02 fa"))
  }

  @Test func hugePicturesAreRefusedBeforeAllocation() throws {
    for name in ["hostile-huge.png", "hostile-huge.jpg"] {
      let path = PictureFixtures.path(name)
      let clock = ContinuousClock()
      var error: ImageError?
      let time = clock.measure { error = failure(reading: path) }
      guard case .tooLarge(_, "60000 x 60000 pixels", _) = error else {
        Issue.record("\(name): \(String(describing: error))")
        continue
      }
      #expect(time < .seconds(1))
    }
  }

  @Test func limitsHoldOnTheLine() throws {
    let bytes = try PictureFixtures.bytes("rgb-8.png")  // 19 x 13
    for (side, pixels, isRefused) in [
      (19, 247, false), (18, 247, true), (19, 246, true), (20, 248, false),
    ] {
      var limits = ImageLimits.standard
      limits.side = side
      limits.pixels = pixels
      #expect((failure(of: bytes, limits: limits) != nil) == isRefused)
    }
    var limits = ImageLimits.standard
    limits.fileBytes = bytes.count
    #expect(failure(of: bytes, limits: limits) == nil)
    limits.fileBytes -= 1
    guard case .tooLarge = failure(of: bytes, limits: limits) else {
      Issue.record("a file over the limit was read")
      return
    }
  }

  // Every proper prefix is refused, or (only its end mark missing) gives the whole picture.
  @Test(arguments: [
    "rgb-8.png", "palette-4-interlaced.png", "rgb-420.jpg", "rgb-progressive.jpg", "grey.jpg",
    "cmyk.jpg", "rgb-restart.jpg",
  ])
  func truncatedAnywhere(_ name: String) throws {
    let bytes = try PictureFixtures.bytes(name)
    let whole = try Image(decoding: bytes, name: name)
    for length in 0..<bytes.count {
      do throws(ImageError) {
        let image = try Image(decoding: Array(bytes.prefix(length)), name: name)
        #expect(image == whole)
        #expect(length >= bytes.count - 16, "only \(length) of \(bytes.count) bytes were enough")
      } catch .truncated, .empty, .notAnImage {
      } catch {
        Issue.record("\(length) bytes: \(error)")
      }
    }
  }

  @Test func truncationTellsHowFarItGot() throws {
    let jpeg = try PictureFixtures.bytes("rgb-420-low.jpg")
    let half = Array(jpeg.prefix(jpeg.count - 200))
    let words = try #require(failure(of: half)?.description)
    #expect(words.hasPrefix("x.png: the JPEG file is truncated: it ends after "))
    #expect(words.contains(" of 64 rows (\(half.count) bytes in the file)"))
    let png = try PictureFixtures.bytes("rgba-16.png")
    let part = try #require(failure(of: Array(png.prefix(png.count - 500)))?.description)
    #expect(part.contains("the PNG file is truncated: it ends after "))
    #expect(part.contains(" of 13 rows"))
  }

  @Test func corruptFiles() throws {
    var bytes = try PictureFixtures.bytes("rgb-8.png")
    bytes[bytes.count - 20] ^= 1  // in the pixels or their check sum
    guard case .corrupt = failure(of: bytes) else {
      Issue.record("a wrong check sum was not noticed: \(String(describing: failure(of: bytes)))")
      return
    }
    for name in ["hostile-short.png", "hostile-scans.jpg"] {
      guard case .corrupt = failure(reading: PictureFixtures.path(name)) else {
        Issue.record("\(name) was read")
        continue
      }
    }
  }

  // A smoke test beside the fuzzer: no damaged file may do anything but decode or throw.
  @Test(arguments: [
    "rgb-16-interlaced.png", "palette-alpha.png", "rgb-progressive.jpg", "cmyk.jpg",
  ])
  func damagedBytesNeverCrash(_ name: String) throws {
    let bytes = try PictureFixtures.bytes(name)
    let noise = generatedBytes(bytes.count, seed: 3)
    var limits = ImageLimits.standard
    limits.pixels = 1_000_000
    for position in 0..<bytes.count {
      var damaged = bytes
      damaged[position] = noise[position]
      _ = failure(of: damaged, limits: limits)
    }
  }
}
