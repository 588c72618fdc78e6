import Inputs
import Support
import Tensors
import Testing

/// A JPEG that is made smaller while it is decoded has the bytes of the whole picture's resize.
@Suite struct BandDecodingTests {
  /// Noise with sides that are no multiple of a band's rows, a block's side or a register's lanes.
  private static let file = encodeJPEG(
    Image(width: 203, height: 149, pixels: generatedBytes(3 * 203 * 149, seed: 5)), quality: 90)

  private func resized(
    _ width: Int, _ height: Int, _ filter: ResizeFilter = .bilinear
  ) -> Decoding {
    let size = ImageSize(width: width, height: height)
    return .resized(to: { _ in size }, filter: filter, reducedFrom: nil)
  }

  private func expectEqual(
    _ bytes: [UInt8], _ width: Int, _ height: Int, _ filter: ResizeFilter, _ words: String
  ) throws {
    let whole = try Image(decoding: bytes, name: words)
    let small = try Image(decoding: bytes, name: words, scale: resized(width, height, filter))
    #expect(small.size == ImageSize(width: width, height: height), "\(words)")
    #expect(small.originalSize == whole.size, "\(words)")
    let wanted = whole.resized(width: width, height: height, filter: filter)
    #expect(
      small.pixels == wanted.pixels, "\(words), \(filter), to \(width) x \(height)")
  }

  @Test(arguments: 1...8 as ClosedRange<UInt8>)
  func howeverItHasToBeTurned(_ orientation: UInt8) throws {
    let bytes = turned(Self.file, orientation)
    try forEveryKernelLevel { level in
      for filter in [ResizeFilter.bilinear, .bicubic, .lanczos] {
        for (width, height) in [(71, 40), (38, 66), (150, 148), (1, 1), (203, 9), (5, 149)] {
          try expectEqual(bytes, width, height, filter, "orientation \(orientation), \(level)")
        }
      }
    }
  }

  @Test(arguments: PictureFixtures.names.filter { $0.hasSuffix(".jpg") })
  func whateverItsKind(_ name: String) throws {
    let bytes = try PictureFixtures.bytes(name)
    let whole = try Image(decoding: bytes, name: name)
    for filter in ResizeFilter.allCases where filter != .nearest {
      try expectEqual(
        bytes, max(1, whole.width / 3), max(1, whole.height * 2 / 5), filter, name)
    }
  }

  @Test func onAnyNumberOfThreads() throws {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    try atOneKernelLevel {
      for threads in [1, 2, 3] {
        Parallel.threads = threads
        try expectEqual(Self.file, 80, 60, .bilinear, "\(threads) threads")
      }
    }
  }

  @Test func whatDoesNotShrinkIsReadWhole() throws {
    let whole = try Image(decoding: Self.file, name: "whole")
    for scale in [
      resized(203, 149), resized(300, 200), resized(1000, 31), resized(20, 20, .nearest),
    ] {
      #expect(try Image(decoding: Self.file, name: "whole", scale: scale) == whole)
    }
    let png = PictureFixtures.path("rgba-8.png")
    #expect(try Image(contentsOf: png, scale: resized(1, 1)) == Image(contentsOf: png))
  }

  @Test func aTruncatedFileIsRefusedOrFilledUp() throws {
    let bytes = Array(Self.file.prefix(Self.file.count / 2))
    let error = #expect(throws: ImageError.self) {
      try Image(decoding: bytes, name: "half.jpg", scale: resized(40, 30))
    }
    guard case .truncated(let file, let format, let progress)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(file == "half.jpg" && format == "JPEG")
    #expect(progress.contains("of 149 rows"), "\(progress)")
    var limits = ImageLimits.standard
    limits.acceptsTruncated = true
    let whole = try Image(decoding: bytes, name: "half.jpg", limits: limits)
    let small = try Image(
      decoding: bytes, name: "half.jpg", limits: limits, scale: resized(40, 30))
    #expect(small.pixels == whole.resized(width: 40, height: 30).pixels)
  }

  @Test func preprocessingSeesTheSame() throws {
    let preprocessing = Preprocessing(
      resize: .shortestSide(short: 48, longestMaximum: 60), crop: ImageSize(width: 32, height: 32))
    let whole = try Image(decoding: Self.file, name: "whole")
    let small = try Image(
      decoding: Self.file, name: "small", scale: preprocessing.exactDecoding)
    #expect(small.size == ImageSize(width: 59, height: 44))
    #expect(preprocessing(small).elements == preprocessing(whole).elements)
  }
}
