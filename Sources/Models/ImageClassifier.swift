import Layers
import Tensors

/// A convolutional network with a linear layer on the mean of its features.
public struct ImageClassifier: Sendable {
  /// Every dimension, the classes and the preprocessing.
  public let configuration: ImageClassifierConfiguration
  private let backbone: any Backbone
  private let head: NormalizedConvolution?
  private let classes: Linear

  /// What the stages of the network give.
  public struct Output: Sendable {
    /// The convolutional network's features, `[batch, height, width, channels]`.
    public let features: Tensor
    /// Their mean over the positions, of an EfficientNet after one more convolution;
    /// `[batch, width]`
    public let pooled: Tensor
    /// Logits `[batch, classes]`.
    public let logits: Tensor
  }

  /// A network with torchvision's parameter names, or for an EfficientNet-Lite those of its PyTorch
  /// port.
  ///
  /// - Throws: `ParameterError` when a checkpoint does not fit.
  public init(_ configuration: ImageClassifierConfiguration, in scope: Scope) throws {
    self.configuration = configuration
    backbone = try configuration.backbone.network(in: scope)
    let rows = configuration.tasks[0].labels.count
    switch configuration.backbone {
    case .resNet:
      head = nil
      classes = try Linear(backbone.channels, rows, in: scope["fc"].exact)
    case .efficientNetLite(let network):
      head = try NormalizedConvolution(
        backbone.channels, network.head,
        ConvolutionShape(kernel: 1, epsilon: EfficientNetLite.epsilon), norm: network.norm,
        convolution: scope["_conv_head"], normalization: scope["_bn1"])
      classes = try Linear(network.head, rows, in: scope["_fc"].exact)
    }
  }

  /// Pictures `[batch, 3, height, width]` to features and logits.
  public func callAsFunction(_ pixels: Tensor) -> Output {
    let features = stage(.backbone) { backbone(pixels) }
    return stage(.head) {
      let pooled = (head?(features, activation: .relu6) ?? features).mean(axes: [1, 2])
      return Output(features: features, pooled: pooled, logits: classes(pooled))
    }
  }

  /// Whether a name of the published layouts takes no part in the forward pass: the counters of
  /// PyTorch's batch normalisations.
  public static func isUnused(_ name: String) -> Bool { name.hasSuffix(".num_batches_tracked") }
}

extension ResNetConfiguration {
  /// The residual network that tensors with torchvision's names belong to, told by their shapes;
  /// nil where they are no residual network's.
  public static func inferred(from shapes: [String: Shape]) -> Self? {
    func shape(_ name: String) -> Shape? { shapes[name].flatMap { $0.count == 4 ? $0 : nil } }
    guard let stem = shape("conv1.weight"), shape("layer1.0.conv1.weight") != nil else {
      return nil
    }
    var widths: [Int] = []
    var depths: [Int] = []
    while let first = shape("layer\(widths.count + 1).0.conv1.weight") {
      var depth = 1
      while shape("layer\(widths.count + 1).\(depth).conv1.weight") != nil { depth += 1 }
      widths.append(first[0])
      depths.append(depth)
    }
    return Self(
      block: shape("layer1.0.conv3.weight") == nil ? .basic : .bottleneck, norm: .frozen,
      stem: Stem(width: stem[0], kernel: stem[2], stride: 2, pool: true), widths: widths,
      depths: depths, dilatesLastStage: false)
  }
}
