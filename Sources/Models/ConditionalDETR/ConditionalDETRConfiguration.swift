/// Every dimension of a Conditional DETR.
public typealias ConditionalDETRConfiguration = DetectorConfiguration<ConditionalDETRVariant>

/// What Conditional DETR adds to the common configuration of detectors.
public struct ConditionalDETRVariant: DetectorVariant {
  /// `conditional_detr`
  public static let family = "conditional_detr"

  /// Whether each decoder layer reads the normalised state of the one before it instead of its
  /// state; false in the original. In `transformers`, a configuration with `auxiliary_loss` makes
  /// the network compute so, in training and after it.
  public var normalizesEveryLayer: Bool

  enum CodingKeys: String, CodingKey {
    case normalizesEveryLayer = "normalize_every_layer"
  }

  /// The original, or the variant of `transformers` with auxiliary losses.
  public init(normalizesEveryLayer: Bool = false) {
    self.normalizesEveryLayer = normalizesEveryLayer
  }

  /// Every value describes a model.
  public func check(_ checker: ConfigurationChecker) throws {}
}
