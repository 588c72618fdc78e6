/// What a picture file may ask for at most. Every limit is checked before memory is allocated.
public struct ImageLimits: Sendable, Hashable {
  /// Largest width and largest height in pixels.
  public var side = 30_000
  /// Largest number of pixels.
  public var pixels = 100_000_000
  /// Largest file in bytes.
  public var fileBytes = 512 << 20
  /// Memory in bytes that a decoder may use besides the pixels it returns; progressive JPEG and
  /// interlaced PNG need room for the whole picture.
  public var decoderBytes = 1 << 30
  /// Largest number of scans of a progressive JPEG; files in use have about ten.
  public var scans = 100
  /// Whether a file that ends early gives the part that is there, the rest black or grey, instead
  /// of an error.
  public var acceptsTruncated = false

  /// The limits that hold unless a caller says otherwise.
  public static let standard = ImageLimits()

  /// The standard limits, to be changed one by one.
  public init() {}
}
