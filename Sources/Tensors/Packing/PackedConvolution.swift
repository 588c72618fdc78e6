import Synchronization

/// A convolution's weights as its kernels read them, and its geometry.
///
/// Which forms of the weights are needed depends on the pictures' extents: each is made at its first
/// use. Several threads may ask at the same time.
public final class PackedConvolution: Sendable {
  let weight: Tensor
  let scale: Tensor?
  let shift: Tensor?
  let geometry: ConvolutionGeometry
  let precision: Precision
  private let lasts: Bool

  private struct Forms: Sendable {
    var direct: DirectWeights?
    var winograd: Storage?
    var depthwise: Tensor?
  }
  private let forms = Mutex(Forms())

  /// Prepares a convolution.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, channels / groups, kernel height, kernel width]`
  ///   - scale: a factor for each output channel, `[outputs]`; becomes part of the packed weights.
  ///   - shift: added to each output channel, `[outputs]`
  ///   - precision: the arithmetic where the convolution is computed as a product with one group;
  ///     of few channels bf16 instead of int8.
  ///   - lasts: whether it is kept for later calls, as long as the model.
  public convenience init(
    weight: Tensor, scale: Tensor? = nil, shift: Tensor? = nil, stride: Int = 1,
    padding: Padding = 0, dilation: Int = 1, groups: Int = 1, precision: Precision = .f32,
    lasts: Bool = true
  ) {
    self.init(
      weight: weight, scale: scale, shift: shift,
      ConvolutionGeometry(stride: stride, padding: padding, dilation: dilation, groups: groups),
      precision: precision, lasts: lasts)
  }

  init(
    weight: Tensor, scale: Tensor?, shift: Tensor?, _ geometry: ConvolutionGeometry,
    precision: Precision = .f32, lasts: Bool
  ) {
    precondition(weight.rank == 4, "a convolution with weights of \(weight.shape)")
    for vector in [scale, shift] where vector != nil {
      precondition(
        vector!.shape == [weight.shape[0]],
        "\(vector!.shape) numbers for \(weight.shape[0]) output channels")
    }
    self.weight = weight.detached
    self.scale = scale?.detached
    self.shift = shift?.detached
    self.geometry = geometry
    // To find the levels of few numbers takes longer than to multiply them.
    let isNarrow = precision == .int8 && weight.shape[1] < ConvolutionPlan.fewChannels
    self.precision = geometry.groups > 1 ? .f32 : isNarrow ? .bf16 : precision
    self.lasts = lasts
  }

  /// The weights as panels for the product with patches.
  func directWeights(_ plan: ConvolutionPlan) -> DirectWeights {
    form(\.direct) {
      precision == .f32
        ? .floats(plan.directPanels(weight, scale: scale, lasting: lasts), inner: plan.patch)
        : .low(plan.lowPanels(weight, scale: scale, precision: precision, lasting: lasts))
    }
  }

  /// The transformed weights of Winograd's convolution.
  func winogradPanels(_ plan: ConvolutionPlan) -> Storage {
    form(\.winograd) { plan.winogradPanels(weight, scale: scale, lasting: lasts) }
  }

  /// The kernels of a depthwise convolution, `[kernel height * kernel width, channels]`.
  func depthwiseKernels() -> Tensor {
    form(\.depthwise) {
      let kernels = weight.depthwiseKernels
      return scale.map { kernels * $0 } ?? kernels
    }
  }

  private func form<Form: Sendable>(_ place: WritableKeyPath<Forms, Form?>, make: () -> Form)
    -> Form
  {
    forms.withLock { forms in
      if let kept = forms[keyPath: place] { return kept }
      let form = make()
      forms[keyPath: place] = form
      // What was read for it is hardly read again: a mapped file need not stay in memory.
      if lasts || Tape.current == nil { weight.giveBackPages() }
      return form
    }
  }
}

/// How a convolution's kernel goes over a picture.
struct ConvolutionGeometry: Sendable {
  let stride: Int
  let padding: Padding
  let dilation: Int
  let groups: Int
}

/// A prepared convolution and what follows it, without gradients:
/// `activation(scale * conv(x) + shift + residual)`.
///
/// - Parameters:
///   - x: `[batch, height, width, channels]`
///   - packed: weights, scale and shift.
///   - residual: of the result's shape, added before the activation. Where the caller gives it away
///     (`consume`) and nobody else holds it, its memory may become the result's.
public func convolution2d(
  _ x: Tensor, _ packed: PackedConvolution, residual: consuming Tensor? = nil,
  activation: Activation = .none
) -> Tensor {
  let residual = (consume residual).map { FeatureMap($0) }
  return convolution2d(
    FeatureMap(x), packed, residual: consume residual, activation: activation, rounds: false
  ).tensor
}

extension ConvolutionPlan {
  /// The result `[batch, height, width, outputs]` for pictures of this plan's shape.
  func run(
    _ x: FeatureMap, _ packed: PackedConvolution, residual: consuming FeatureMap?,
    activation: Activation, rounds: Bool
  ) -> FeatureMap {
    precondition(
      residual == nil || residual!.shape == resultShape,
      "a residual of \(residual?.shape ?? []) for a result of \(resultShape)")
    Profile.count(operations)
    guard isDepthwise || usesWinograd && packed.precision == .f32 else {
      let weights = packed.directWeights(self)
      return direct(
        x, weights, shift: packed.shift, residual: consume residual, activation: activation,
        rounds: rounds && weights.precision != .f32)
    }
    let x = x.tensor
    let epilogue = Epilogue(
      shift: packed.shift, residual: residual?.tensor, activation: activation)
    return FeatureMap(
      isDepthwise
        ? depthwise(x, packed.depthwiseKernels(), epilogue, plan: self)
        : winograd(x, panels: packed.winogradPanels(self), epilogue))
  }
}
