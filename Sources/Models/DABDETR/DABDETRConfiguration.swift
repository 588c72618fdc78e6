/// Every dimension of a DAB-DETR.
public typealias DABDETRConfiguration = DetectorConfiguration<DABDETRVariant>

/// What DAB-DETR adds to the common configuration of detectors.
public struct DABDETRVariant: DetectorVariant {
  /// `dab_detr`
  public static let family = "dab_detr"

  /// The encoding of the feature map's positions; temperature 20 in the original.
  public var positions: SineEncoding
  /// Learned states that every anchor begins with, one detection each; 0 for one state of zeros.
  public var patterns: Int
  /// Whether every decoder layer adds the anchors' positions in its attention over the memory;
  /// false, the original: the first one only.
  public var keepsQueryPositions: Bool
  /// Whether a layer normalisation follows the encoder; false in the original.
  public var normalizesMemory: Bool

  enum CodingKeys: String, CodingKey {
    case positions, patterns
    case keepsQueryPositions = "keep_query_positions"
    case normalizesMemory = "normalize_memory"
  }

  /// The original, or a variant of it.
  public init(
    positions: SineEncoding = SineEncoding(rowTemperature: 20, columnTemperature: 20),
    patterns: Int = 0, keepsQueryPositions: Bool = false, normalizesMemory: Bool = false
  ) {
    self.positions = positions
    self.patterns = patterns
    self.keepsQueryPositions = keepsQueryPositions
    self.normalizesMemory = normalizesMemory
  }

  /// Refuses encodings that are not numbers, and impossible counts.
  public func check(_ checker: ConfigurationChecker) throws {
    for (name, value) in [
      ("row_temperature", positions.rowTemperature),
      ("column_temperature", positions.columnTemperature), ("scale", positions.scale),
    ] where !(value > 0 && value.isFinite) {
      throw checker.invalid("variant.positions.\(name)", "a number above 0", "\(value)")
    }
    try checker.range("variant.patterns", patterns, 0...1000)
  }
}
