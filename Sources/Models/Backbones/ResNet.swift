import Layers
import Tensors

/// A residual convolutional network (He et al., 2016), torchvision's version: the stride of a
/// bottleneck sits in its 3x3 convolution.
public struct ResNet: Backbone {
  private let stem: NormalizedConvolution
  private let pooled: Bool
  private let stages: [[ResidualBlock]]
  /// Channels of the feature map.
  public let channels: Int

  /// A network with torchvision's parameter names.
  public init(_ configuration: ResNetConfiguration, in scope: Scope) throws {
    let norm = configuration.norm
    let stemShape = configuration.stem
    stem = try NormalizedConvolution(
      3, stemShape.width,
      ConvolutionShape(kernel: stemShape.kernel, stride: stemShape.stride), norm: norm,
      convolution: scope["conv1"], normalization: scope["bn1"])
    pooled = stemShape.pool
    var inputs = stemShape.width
    var stages: [[ResidualBlock]] = []
    for (stage, (width, depth)) in zip(configuration.widths, configuration.depths).enumerated() {
      // torchvision's `replace_stride_with_dilation`: the first block of a dilated stage keeps
      // dilation 1, only the following ones are dilated (systems differ here).
      let isDilated = configuration.dilatesLastStage && stage == configuration.widths.count - 1
      let blocks = try (0..<depth).map { index in
        let block = try ResidualBlock(
          inputs, width: width, kind: configuration.block,
          stride: index == 0 && stage > 0 && !isDilated ? 2 : 1,
          dilation: index > 0 && isDilated ? 2 : 1, norm: norm,
          in: scope["layer\(stage + 1)"][index])
        inputs = block.outputs
        return block
      }
      stages.append(blocks)
    }
    self.stages = stages
    channels = inputs
  }

  /// Pictures `[batch, 3, height, width]` to features `[batch, height / s, width / s, channels]`.
  public func callAsFunction(_ pixels: Tensor) -> Tensor {
    let pixels = pixels.channelsInnermost
    let x =
      pooled
      ? stem.maxPooled(pixels, activation: .relu, window: 3, stride: 2, padding: 1)
      : stem(pixels, activation: .relu)
    var map = FeatureMap(consume x)
    let blocks = stages.flatMap { $0 }
    for (index, block) in blocks.enumerated() {
      let next = index + 1 < blocks.count ? blocks[index + 1] : nil
      map = block(consume map, rounds: next?.readsRounded ?? false)
    }
    return map.tensor
  }
}

/// Two 3x3 convolutions, or 1x1, 3x3, 1x1, around which the input is added back.
struct ResidualBlock: Sendable {
  private let convolutions: [NormalizedConvolution]
  private let shortcut: NormalizedConvolution?
  let outputs: Int

  init(
    _ inputs: Int, width: Int, kind: ResNetConfiguration.Block, stride: Int, dilation: Int,
    norm: BackboneNorm, in scope: Scope
  ) throws {
    func part(
      _ index: Int, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, dilation: Int = 1,
      scale: Float = 1
    ) throws -> NormalizedConvolution {
      try NormalizedConvolution(
        inputs, outputs, ConvolutionShape(kernel: kernel, stride: stride, dilation: dilation),
        norm: norm, initialScale: scale, convolution: scope["conv\(index)"],
        normalization: scope["bn\(index)"])
    }
    switch kind {
    case .basic:
      outputs = width
      convolutions = [
        try part(1, inputs, width, kernel: 3, stride: stride, dilation: dilation),
        try part(2, width, width, kernel: 3, dilation: dilation, scale: norm.residualScale),
      ]
    case .bottleneck:
      outputs = 4 * width
      convolutions = [
        try part(1, inputs, width, kernel: 1),
        try part(2, width, width, kernel: 3, stride: stride, dilation: dilation),
        try part(3, width, 4 * width, kernel: 1, scale: norm.residualScale),
      ]
    }
    shortcut =
      stride == 1 && inputs == outputs
      ? nil
      : try NormalizedConvolution(
        inputs, outputs, ConvolutionShape(kernel: 1, stride: stride), norm: norm,
        convolution: scope["downsample"][0], normalization: scope["downsample"][1])
  }

  /// - Parameters:
  ///   - x: given away, so that its memory can become the result's.
  ///   - rounds: whether the result may be rounded to bfloat16, because the next block's first
  ///     convolution rounds it anyway; its residual is rounded with it.
  func callAsFunction(_ x: consuming FeatureMap, rounds: Bool) -> FeatureMap {
    let last = convolutions.count - 1
    var hidden = convolutions[0](
      x, activation: .relu, rounds: convolutions[1].readsRounded)
    for index in 1..<last {
      hidden = convolutions[index](
        hidden, activation: .relu, rounds: convolutions[index + 1].readsRounded)
    }
    let identity =
      if let shortcut { shortcut(x, activation: .none, rounds: rounds) } else { consume x }
    return convolutions[last](
      hidden, residual: consume identity, activation: .relu, rounds: rounds)
  }

  /// Whether it rounds what it reads.
  var readsRounded: Bool { convolutions[0].readsRounded }
}
