import Layers
import Tensors

/// An EfficientNet-Lite up to its last stage (Tan and Le, EfficientNet, 2019; the Lite networks
/// leave out squeeze and excitation and use ReLU6).
///
/// Every convolution is padded as TensorFlow's "SAME" does, so that the extents of the maps are
/// those of the picture divided by the stride, rounded up.
public struct EfficientNetLite: Backbone {
  private let stem: NormalizedConvolution
  private let stages: [[InvertedResidual]]
  // Blocks of the stages before the last one that halves the resolution.
  private let lastHalving: Int
  /// Channels of the feature map.
  public let channels: Int
  /// Channels of the feature map at twice the resolution.
  public let fineChannels: Int

  /// Added to the variance of every normalisation.
  static let epsilon: Float = 1e-3

  /// A network with the parameter names of the PyTorch port `efficientnet_lite_pytorch`.
  public init(_ configuration: EfficientNetLiteConfiguration, in scope: Scope) throws {
    let norm = configuration.norm
    stem = try NormalizedConvolution(
      3, configuration.stem,
      ConvolutionShape(kernel: 3, stride: 2, padding: .same, epsilon: Self.epsilon), norm: norm,
      convolution: scope["_conv_stem"], normalization: scope["_bn0"])
    var inputs = configuration.stem
    var index = 0
    stages = try configuration.stages.map { stage in
      try (0..<stage.blocks).map { position in
        var stage = stage
        if position > 0 { stage.stride = 1 }
        let block = try InvertedResidual(
          inputs, stage, norm: norm, in: scope["_blocks"][index])
        inputs = stage.width
        index += 1
        return block
      }
    }
    channels = inputs
    lastHalving = configuration.stages.lastIndex { $0.stride > 1 } ?? 0
    fineChannels =
      lastHalving == 0 ? configuration.stem : configuration.stages[lastHalving - 1].width
  }

  /// Pictures `[batch, 3, height, width]` to features `[batch, height / s, width / s, channels]`,
  /// s being 32 in the published networks.
  public func callAsFunction(_ pixels: Tensor) -> Tensor { maps(pixels).coarse }

  /// The features at two resolutions.
  ///
  /// - Parameter pixels: `[batch, 3, height, width]`
  /// - Returns: `coarse`, `[batch, height / 32, width / 32, channels]`, and `fine`, the features
  ///   before the last halving, `[batch, height / 16, width / 16, fineChannels]`.
  public func maps(_ pixels: Tensor) -> (fine: Tensor, coarse: Tensor) {
    var x = stem(pixels.channelsInnermost, activation: .relu6)
    var fine = x
    for (position, stage) in stages.enumerated() {
      if position == lastHalving { fine = x }
      for block in stage { x = block(x) }
    }
    return (fine, x)
  }
}

/// A block that is wide inside: 1x1 to more channels, one kernel a channel, 1x1 back, and the input
/// added where the result has its shape (Sandler et al., MobileNetV2, 2018).
private struct InvertedResidual: Sendable {
  private let expand: NormalizedConvolution?
  private let depthwise: NormalizedConvolution
  private let project: NormalizedConvolution
  private let isResidual: Bool

  init(
    _ inputs: Int, _ stage: EfficientNetLiteConfiguration.Stage, norm: BackboneNorm,
    in scope: Scope
  ) throws {
    let width = inputs * stage.expansion
    let epsilon = EfficientNetLite.epsilon
    let point = ConvolutionShape(kernel: 1, epsilon: epsilon)
    isResidual = stage.stride == 1 && inputs == stage.width
    expand =
      stage.expansion == 1
      ? nil
      : try NormalizedConvolution(
        inputs, width, point, norm: norm, convolution: scope["_expand_conv"],
        normalization: scope["_bn0"])
    depthwise = try NormalizedConvolution(
      width, width,
      ConvolutionShape(
        kernel: stage.kernel, stride: stage.stride, groups: width, padding: .same,
        epsilon: epsilon),
      norm: norm, convolution: scope["_depthwise_conv"], normalization: scope["_bn1"])
    project = try NormalizedConvolution(
      width, stage.width, point, norm: norm, initialScale: isResidual ? norm.residualScale : 1,
      convolution: scope["_project_conv"], normalization: scope["_bn2"])
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let wide = expand?(x, activation: .relu6) ?? x
    return project(
      depthwise(wide, activation: .relu6), residual: isResidual ? x : nil, activation: .none)
  }
}
