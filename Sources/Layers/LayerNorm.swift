import Tensors

/// Layer normalisation over the last axis (Ba, Kiros, Hinton, 2016).
public struct LayerNorm: Sendable {
  /// `[width]`
  public let weight: Parameter
  /// `[width]`
  public let bias: Parameter
  /// Added to the variance: 1e-5 in DETR, 1e-12 in BERT.
  public let epsilon: Float

  /// A layer normalisation whose parameters are called `weight` and `bias`.
  public init(_ width: Int, epsilon: Float = 1e-5, in scope: Scope) throws {
    weight = try scope.parameter("weight", [width], .ones)
    bias = try scope.parameter("bias", [width], .zeros)
    self.epsilon = epsilon
  }

  /// `[…, width]` to the same shape.
  ///
  /// - Parameter residual: added to `x` before it is normalised; nil for none.
  public func callAsFunction(_ x: Tensor, plus residual: Tensor? = nil) -> Tensor {
    layerNorm(x, plus: residual, weight: weight.tensor, bias: bias.tensor, epsilon: epsilon)
  }
}
