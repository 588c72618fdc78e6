/// How much of a picture file is decoded.
///
/// A network sees only a small picture. A JPEG that has more pixels is therefore made small while it
/// is decoded, so that there is never more of a baseline JPEG in memory than some rows. It can also
/// be decoded at a half, a quarter or an eighth of its size, which saves most of the work after the
/// entropy decoding; the antialiased resize makes the small picture of either. The two differ a
/// little: over photographs 0.1 to 1.6 of 255 in the mean, and up to 21 at hard edges where the
/// reduced picture is just twice as large as the result; a 12-megapixel photograph for 640 x 480
/// pixels 0.2, and 3 at most.
public struct Decoding: Sendable {
  /// The size, given the full one, and the filter; nil for the whole picture.
  private let target: (size: @Sendable (ImageSize) -> ImageSize, filter: ResizeFilter)?
  /// Pictures of fewer pixels are not decoded at a reduced scale.
  private let fromPixels: Int

  /// Every pixel, in the size of the file.
  public static let exact = Decoding(target: nil, fromPixels: .max)

  /// Resized while it is decoded, to the bytes that `Image.resized` gives. What cannot be read so
  /// stays as large as it is: PNG files, pictures that do not shrink, and the nearest pixel, which
  /// is not a mean of several.
  ///
  /// - Parameters:
  ///   - size: the size for a picture of the given one.
  ///   - filter: how pixels are weighed.
  ///   - fromPixels: pictures of as many pixels or more are decoded at as small a scale as leaves
  ///     them at least twice as wide and as high as `size` will make them, where the reduction
  ///     divides their sides; nil for the numbers of the references.
  public static func resized(
    to size: @escaping @Sendable (ImageSize) -> ImageSize, filter: ResizeFilter = .bilinear,
    reducedFrom fromPixels: Int? = Decoding.leastReducedPixels
  ) -> Decoding {
    filter == .nearest
      ? .exact : Decoding(target: (size, filter), fromPixels: fromPixels ?? .max)
  }

  /// Fewer pixels take some milliseconds at most.
  public static let leastReducedPixels = 4_000_000

  /// How many times larger than the result the reduced picture stays.
  private static let margin = 2

  /// By what either side of an upright picture of the given size is divided: 1, 2, 4 or 8.
  func reduction(of full: ImageSize) -> Int {
    guard let target, full.width * full.height >= fromPixels else { return 1 }
    let wanted = target.size(full)
    func leaves(_ factor: Int) -> Bool {
      full.width % factor == 0 && full.height % factor == 0
        && full.width >= Self.margin * factor * wanted.width
        && full.height >= Self.margin * factor * wanted.height
    }
    return [8, 4, 2].first(where: leaves) ?? 1
  }

  /// What an upright picture of size `decoded`, which stands for one of size `full`, becomes while
  /// its rows are read; nil where it stays.
  func shrunk(_ decoded: ImageSize, of full: ImageSize) -> (ImageSize, ResizeFilter)? {
    guard let target else { return nil }
    let wanted = target.size(full)
    precondition(
      wanted.width > 0 && wanted.height > 0,
      "a picture cannot become \(wanted.width) x \(wanted.height) pixels")
    return wanted.width * wanted.height < decoded.width * decoded.height
      ? (wanted, target.filter) : nil
  }
}

extension Preprocessing {
  /// How a file is decoded for a network that sees pictures this way.
  public var decoding: Decoding {
    let resize = resize
    return .resized(to: { resize.size(of: $0) }, filter: filter)
  }

  /// The same with the numbers of the references.
  public var exactDecoding: Decoding {
    let resize = resize
    return .resized(to: { resize.size(of: $0) }, filter: filter, reducedFrom: nil)
  }
}
