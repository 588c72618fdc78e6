import Layers
import Tensors

/// A convolution without bias followed by a batch normalisation whose statistics never change:
/// one multiplication and one addition a channel, done in the convolution's last step.
struct NormalizedConvolution: Sendable {
  private enum Affine: Sendable {
    /// Statistics and weights of a pretrained network, already joined.
    case frozen(scale: Tensor, shift: Tensor)
    /// Scale and shift that are trained.
    case trained(scale: Parameter, shift: Parameter)
  }

  private let weight: Parameter
  private let affine: Affine
  private let stride: Int
  private let padding: Int
  private let dilation: Int

  init(
    _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, dilation: Int = 1,
    norm: ResNetConfiguration.Norm, initialScale: Float = 1, convolution: Scope,
    normalization: Scope
  ) throws {
    weight = try convolution.parameter("weight", [outputs, inputs, kernel, kernel], .heNormal)
    let isFrozen = norm == .frozen
    let scale = try normalization.parameter(
      "weight", [outputs], .constant(initialScale), isTrainable: !isFrozen)
    let shift = try normalization.parameter("bias", [outputs], .zeros, isTrainable: !isFrozen)
    if isFrozen {
      let mean = try normalization.parameter(
        "running_mean", [outputs], .zeros, isTrainable: false)
      let variance = try normalization.parameter(
        "running_var", [outputs], .ones, isTrainable: false)
      let joined = scale.value / (variance.value + 1e-5).squareRoot()
      affine = .frozen(scale: joined, shift: shift.value - mean.value * joined)
    } else {
      affine = .trained(scale: scale, shift: shift)
    }
    self.stride = stride
    self.dilation = dilation
    padding = dilation * (kernel - 1) / 2
  }

  func callAsFunction(
    _ x: Tensor, residual: Tensor? = nil, activation: Activation
  ) -> Tensor {
    let (scale, shift) =
      switch affine {
      case .frozen(let scale, let shift): (scale, shift)
      case .trained(let scale, let shift): (scale.tensor, shift.tensor)
      }
    return convolution2d(
      x, weight: weight.tensor, scale: scale, shift: shift, residual: residual,
      activation: activation, stride: stride, padding: padding, dilation: dilation)
  }
}
