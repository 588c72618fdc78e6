import Layers
import Tensors

/// A convolution without bias followed by a batch normalisation whose statistics never change:
/// one multiplication and one addition a channel, done in the convolution's last step.
struct NormalizedConvolution: Sendable {
  private enum Affine: Sendable {
    /// Weights and statistics of a pretrained network.
    case frozen(scale: Parameter, shift: Parameter, mean: Parameter, variance: Parameter)
    /// Scale and shift that are trained.
    case trained(scale: Parameter, shift: Parameter)
  }

  private let weight: Parameter
  private let affine: Affine
  private let shape: ConvolutionShape
  private let prepared = Prepared<PackedConvolution>()

  /// - Parameters:
  ///   - norm: what follows the convolution.
  ///   - initialScale: the factor of a fresh normalisation.
  ///   - convolution: where `weight` is.
  ///   - normalization: where the normalisation's parameters are.
  init(
    _ inputs: Int, _ outputs: Int, _ shape: ConvolutionShape, norm: BackboneNorm,
    initialScale: Float = 1, convolution: Scope, normalization: Scope
  ) throws {
    let isProduct = shape.isProduct(inputs: inputs, outputs: outputs)
    weight = try (isProduct ? convolution : convolution.exact).weight(
      "weight", [outputs, inputs / shape.groups, shape.kernel, shape.kernel], .heNormal)
    let isFrozen = norm == .frozen
    let scale = try normalization.parameter(
      "weight", [outputs], .constant(initialScale), isTrainable: !isFrozen)
    let shift = try normalization.parameter("bias", [outputs], .zeros, isTrainable: !isFrozen)
    if isFrozen {
      let mean = try normalization.parameter(
        "running_mean", [outputs], .zeros, isTrainable: false)
      let variance = try normalization.parameter(
        "running_var", [outputs], .ones, isTrainable: false)
      affine = .frozen(scale: scale, shift: shift, mean: mean, variance: variance)
    } else {
      affine = .trained(scale: scale, shift: shift)
    }
    self.shape = shape
  }

  func callAsFunction(_ x: Tensor, residual: Tensor? = nil, activation: Activation) -> Tensor {
    self(
      FeatureMap(x), residual: residual.map { FeatureMap($0) }, activation: activation,
      rounds: false
    ).tensor
  }

  /// The same between feature maps.
  ///
  /// - Parameters:
  ///   - residual: given away where it is not needed any more.
  ///   - rounds: whether the result may be rounded to bfloat16: it is read by a convolution that
  ///     rounds it anyway (`readsRounded`), or added to such a result.
  func callAsFunction(
    _ x: FeatureMap, residual: consuming FeatureMap? = nil, activation: Activation, rounds: Bool
  ) -> FeatureMap {
    if let packed {
      return convolution2d(
        x, packed, residual: consume residual, activation: activation, rounds: rounds)
    }
    let (scale, shift) =
      switch affine {
      case .frozen: joined
      case .trained(let scale, let shift): (scale.tensor, shift.tensor)
      }
    return FeatureMap(
      convolution2d(
        x.tensor, weight: weight.tensor, scale: scale, shift: shift, residual: residual?.tensor,
        activation: activation, stride: shape.stride, padding: shape.padding,
        dilation: shape.dilation, groups: shape.groups))
  }

  /// Whether it rounds what it reads to bfloat16 or less.
  var readsRounded: Bool { weight.precision != .f32 }

  /// The same followed by the largest number of each window (torch.nn.functional.max_pool2d).
  func maxPooled(
    _ x: Tensor, activation: Activation, window: Int, stride: Int, padding: Int
  ) -> Tensor {
    packed.map {
      maxPooledConvolution2d(
        x, $0, activation: activation, window: window, stride: stride, padding: padding)
    }
      ?? self(x, activation: activation)
      .maxPool2d(kernel: window, stride: stride, padding: padding)
  }

  /// The packed weights, unless gradients are being recorded.
  private var packed: PackedConvolution? {
    switch affine {
    case .frozen(let scale, let shift, let mean, let variance):
      prepared(weight, scale, shift, mean, variance, make: pack)
    case .trained(let scale, let shift): prepared(weight, scale, shift, make: pack)
    }
  }

  /// What the channels are multiplied with and what is added, as constants. Always of the present
  /// values: a training that begins with another model's weights sets them after this was made.
  private var joined: (scale: Tensor, shift: Tensor) {
    switch affine {
    case .frozen(let scale, let shift, let mean, let variance):
      let joined = scale.value / (variance.value + shape.epsilon).squareRoot()
      return (joined, shift.value - mean.value * joined)
    case .trained(let scale, let shift): return (scale.value, shift.value)
    }
  }

  private func pack(lasts: Bool) -> PackedConvolution {
    let (scale, shift) = joined
    return PackedConvolution(
      weight: weight.value, scale: scale, shift: shift, stride: shape.stride,
      padding: shape.padding, dilation: shape.dilation, groups: shape.groups,
      precision: weight.precision, lasts: lasts)
  }
}

/// What a normalised convolution does to a picture, apart from its channels.
struct ConvolutionShape: Sendable {
  let kernel: Int
  let stride: Int
  let dilation: Int
  let groups: Int
  let padding: Padding
  /// Added to the variance of the normalisation.
  let epsilon: Float

  /// Whether it is computed as a product with packed weights, in the model's precision. Most kernels
  /// of 3 x 3 at stride 1 have a way that is as fast in 32-bit floats; the few whose channels it does
  /// not fit stay in 32 bits all the same.
  func isProduct(inputs: Int, outputs: Int) -> Bool {
    let isFiltered = kernel == 3 && stride == 1 && dilation == 1
    return groups == 1
      && !(isFiltered && Winograd.usesLargeTiles(inputs: inputs, outputs: outputs))
  }

  /// - Parameter padding: nil for as much as keeps the extents of a picture at stride 1.
  init(
    kernel: Int, stride: Int = 1, dilation: Int = 1, groups: Int = 1, padding: Padding? = nil,
    epsilon: Float = 1e-5
  ) {
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.groups = groups
    self.padding = padding ?? .each(dilation * (kernel - 1) / 2)
    self.epsilon = epsilon
  }
}
