/// The dimensions of a residual network.
public struct ResNetConfiguration: Codable, Sendable, Equatable {
  /// What the stages are made of.
  public enum Block: String, Codable, Sendable, CaseIterable {
    /// Two 3x3 convolutions (ResNet-18 and 34).
    case basic
    /// 1x1, 3x3, 1x1, the last four times as wide (ResNet-50 and deeper).
    case bottleneck
  }

  /// The first convolution.
  public struct Stem: Codable, Sendable, Equatable {
    /// Channels.
    public var width: Int
    /// Kernel size, in pixels; odd.
    public var kernel: Int
    /// Step, in pixels.
    public var stride: Int
    /// Whether a 3x3 maximum pooling of stride 2 follows.
    public var pool: Bool

    /// The dimensions of a first convolution.
    public init(width: Int, kernel: Int, stride: Int, pool: Bool) {
      self.width = width
      self.kernel = kernel
      self.stride = stride
      self.pool = pool
    }
  }

  /// What the stages are made of.
  public var block: Block
  /// What follows each convolution.
  public var norm: BackboneNorm
  /// The first convolution.
  public var stem: Stem
  /// Width of each stage; a bottleneck's output is four times as wide.
  public var widths: [Int]
  /// Blocks of each stage.
  public var depths: [Int]
  /// DC5: the last stage keeps its resolution and dilates its convolutions instead.
  public var dilatesLastStage: Bool

  enum CodingKeys: String, CodingKey {
    case block, norm, stem, widths, depths
    case dilatesLastStage = "dilates_last_stage"
  }

  /// The dimensions of a residual network.
  public init(
    block: Block, norm: BackboneNorm, stem: Stem, widths: [Int], depths: [Int],
    dilatesLastStage: Bool
  ) {
    self.block = block
    self.norm = norm
    self.stem = stem
    self.widths = widths
    self.depths = depths
    self.dilatesLastStage = dilatesLastStage
  }

  /// The published networks: 18, 34, 50, 101 or 152 layers with frozen batch normalisation.
  ///
  /// - Parameter dilatesLastStage: DC5, stride 16 instead of 32.
  public static func standard(layers: Int, dilatesLastStage: Bool = false) -> Self? {
    let depths: [Int: [Int]] = [
      18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3],
      152: [3, 8, 36, 3],
    ]
    guard let depths = depths[layers] else { return nil }
    return Self(
      block: layers < 50 ? .basic : .bottleneck, norm: .frozen,
      stem: Stem(width: 64, kernel: 7, stride: 2, pool: true), widths: [64, 128, 256, 512],
      depths: depths, dilatesLastStage: dilatesLastStage)
  }
}
