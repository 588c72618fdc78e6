/// The dimensions of an EfficientNet-Lite.
///
/// In a `config.json` the published networks are called by name, `{"kind": "efficientnet_lite0"}`
/// to `4`; any other is `{"kind": "efficientnet_lite", "stem": …, "stages": […], "head": …}`.
/// `"norm": "affine"` makes the normalisations trainable; they are frozen otherwise. `"fine": true`
/// and `"class_groups"` add channels to the features, see `DetailedEfficientNet`.
public struct EfficientNetLiteConfiguration: Sendable, Equatable {
  /// Inverted residual blocks of one width.
  public struct Stage: Codable, Sendable, Equatable {
    /// Number of blocks.
    public var blocks: Int
    /// Kernel size of the depthwise convolutions, in pixels; odd.
    public var kernel: Int
    /// Step of the first block's depthwise convolution, in pixels.
    public var stride: Int
    /// How many times wider than its input a block is inside.
    public var expansion: Int
    /// Channels of the result.
    public var width: Int

    /// Blocks of one width.
    public init(blocks: Int, kernel: Int, stride: Int, expansion: Int, width: Int) {
      self.blocks = blocks
      self.kernel = kernel
      self.stride = stride
      self.expansion = expansion
      self.width = width
    }
  }

  /// Number of the published network, 0 to 4; nil for dimensions of one's own.
  public let variant: Int?
  /// What follows each convolution.
  public var norm: BackboneNorm
  /// Channels of the first convolution.
  public let stem: Int
  /// The stages, from the picture on.
  public let stages: [Stage]
  /// Channels of the convolution before a classifier.
  public let head: Int
  /// Whether the features at twice the resolution are among the channels, too.
  public var isFine = false
  /// Rows of the network's own classifier by the name of what they have in common: each group is a
  /// channel that tells how probable it is at a place. Empty for a network without its classifier.
  public var classGroups: [String: [Int]] = [:]

  /// A network of dimensions of one's own.
  public init(stem: Int, stages: [Stage], head: Int, norm: BackboneNorm = .frozen) {
    self.init(variant: nil, stem: stem, stages: stages, head: head, norm: norm)
  }

  private init(variant: Int?, stem: Int, stages: [Stage], head: Int, norm: BackboneNorm) {
    self.variant = variant
    self.stem = stem
    self.stages = stages
    self.head = head
    self.norm = norm
  }

  /// A published network (`efficientnet_lite_params` of the TensorFlow models): EfficientNet-B's
  /// stages without squeeze and excitation, first and last convolution and the number of blocks of
  /// the first and last stage the same in all.
  ///
  /// - Parameter variant: 0 to 4.
  public static func lite(_ variant: Int, norm: BackboneNorm = .frozen) -> Self? {
    let factors: [(width: Double, depth: Double)] = [
      (1, 1), (1, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8),
    ]
    guard factors.indices.contains(variant) else { return nil }
    let factor = factors[variant]
    let stages = base.enumerated().map { index, stage in
      var stage = stage
      stage.width = rounded(Double(stage.width) * factor.width)
      if index > 0 && index < base.count - 1 {
        stage.blocks = Int((Double(stage.blocks) * factor.depth).rounded(.up))
      }
      return stage
    }
    return Self(variant: variant, stem: 32, stages: stages, head: 1280, norm: norm)
  }

  /// Width and height in pixels of the pictures that a published network was trained on.
  public static func side(_ variant: Int) -> Int { [224, 240, 260, 280, 300][variant] }

  private static let base: [Stage] = [
    Stage(blocks: 1, kernel: 3, stride: 1, expansion: 1, width: 16),
    Stage(blocks: 2, kernel: 3, stride: 2, expansion: 6, width: 24),
    Stage(blocks: 2, kernel: 5, stride: 2, expansion: 6, width: 40),
    Stage(blocks: 3, kernel: 3, stride: 2, expansion: 6, width: 80),
    Stage(blocks: 3, kernel: 5, stride: 1, expansion: 6, width: 112),
    Stage(blocks: 4, kernel: 5, stride: 2, expansion: 6, width: 192),
    Stage(blocks: 1, kernel: 3, stride: 1, expansion: 6, width: 320),
  ]

  // The nearest multiple of 8 that is not more than a tenth smaller.
  private static func rounded(_ width: Double) -> Int {
    let nearest = max(8, Int(width + 4) / 8 * 8)
    return Double(nearest) < 0.9 * width ? nearest + 8 : nearest
  }
}

extension EfficientNetLiteConfiguration: Codable {
  private enum CodingKeys: String, CodingKey {
    case kind, norm, stem, stages, head
    case isFine = "fine"
    case classGroups = "class_groups"
  }

  private static let kind = "efficientnet_lite"

  /// The names of the published networks.
  public static let names = (0...4).map { "\(kind)\($0)" }

  /// Decodes a published network's name, or all dimensions.
  public init(from decoder: any Decoder) throws {
    let entries = try decoder.container(keyedBy: CodingKeys.self)
    let kind = try entries.decode(String.self, forKey: .kind)
    let norm = try entries.decodeIfPresent(BackboneNorm.self, forKey: .norm) ?? .frozen
    self = try Self(kind: kind, norm: norm, entries)
    isFine = try entries.decodeIfPresent(Bool.self, forKey: .isFine) ?? false
    classGroups = try entries.decodeIfPresent([String: [Int]].self, forKey: .classGroups) ?? [:]
  }

  private init(
    kind: String, norm: BackboneNorm, _ entries: KeyedDecodingContainer<CodingKeys>
  ) throws {
    if let variant = Self.names.firstIndex(of: kind), let lite = Self.lite(variant, norm: norm) {
      self = lite
      return
    }
    guard kind == Self.kind else {
      let names = (Self.names + [Self.kind]).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: entries,
        debugDescription: "expected one of \(names) (or none, for a ResNet), found \"\(kind)\"")
    }
    self.init(
      stem: try entries.decode(Int.self, forKey: .stem),
      stages: try entries.decode([Stage].self, forKey: .stages),
      head: try entries.decode(Int.self, forKey: .head), norm: norm)
  }

  /// Encodes a published network's name, or all dimensions.
  public func encode(to encoder: any Encoder) throws {
    var entries = encoder.container(keyedBy: CodingKeys.self)
    try entries.encode(variant.map { Self.names[$0] } ?? Self.kind, forKey: .kind)
    try entries.encode(norm, forKey: .norm)
    if isFine { try entries.encode(isFine, forKey: .isFine) }
    if !classGroups.isEmpty { try entries.encode(classGroups, forKey: .classGroups) }
    if variant == nil {
      try entries.encode(stem, forKey: .stem)
      try entries.encode(stages, forKey: .stages)
      try entries.encode(head, forKey: .head)
    }
  }
}
