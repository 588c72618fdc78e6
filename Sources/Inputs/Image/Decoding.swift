/// How finely a picture file is decoded.
///
/// A JPEG can be decoded at a half, a quarter or an eighth of its size, which saves most of the work
/// after the entropy decoding and most of the memory. A network sees only a much smaller picture
/// anyway, and the antialiased resize makes it of either. The two differ a little: over photographs
/// 0.1 to 1.6 of 255 in the mean, and up to 21 at hard edges where the reduced picture is just twice
/// as large as the result; a 12-megapixel photograph for 640 x 480 pixels 0.2, and 3 at most.
public enum Decoding: Sendable {
  /// Every pixel, with the numbers of the references.
  case exact
  /// As small as leaves the picture at least twice as wide and as high as `size`, given the full
  /// size, will make it. Pictures of fewer pixels than `fromPixels` are decoded exactly: nothing would
  /// be saved. So are PNG files, and sizes that the reduction would not divide.
  case reduced(
    to: @Sendable (ImageSize) -> ImageSize, fromPixels: Int = Decoding.leastReducedPixels)

  /// Fewer pixels take some milliseconds at most.
  public static let leastReducedPixels = 4_000_000

  /// How many times larger than the result the reduced picture stays.
  static let margin = 2

  /// By what either side of an upright picture of the given size is divided: 1, 2, 4 or 8.
  func reduction(of full: ImageSize) -> Int {
    guard case .reduced(let size, let least) = self, full.width * full.height >= least else {
      return 1
    }
    let wanted = size(full)
    func leaves(_ factor: Int) -> Bool {
      full.width % factor == 0 && full.height % factor == 0
        && full.width >= Self.margin * factor * wanted.width
        && full.height >= Self.margin * factor * wanted.height
    }
    return [8, 4, 2].first(where: leaves) ?? 1
  }
}

extension Preprocessing {
  /// How finely a file has to be decoded for a network that sees pictures this way.
  public var decoding: Decoding {
    // The nearest pixel is not a mean of many, and would be another one.
    if filter == .nearest { return .exact }
    let resize = resize
    return .reduced { resize.size(of: $0) }
  }
}
