import Tensors

/// A linear layer, `y = x Wᵀ + b` (torch.nn.Linear).
public struct Linear: Sendable {
  /// `[outputs, inputs]`
  public let weight: Parameter
  /// `[outputs]`
  public let bias: Parameter

  /// A linear layer whose parameters are called `weight` and `bias`.
  public init(
    _ inputs: Int, _ outputs: Int, weight: Initializer = .xavierUniform,
    bias: Initializer = .zeros, in scope: Scope
  ) throws {
    self.weight = try scope.parameter("weight", [outputs, inputs], weight)
    self.bias = try scope.parameter("bias", [outputs], bias)
  }

  /// `[…, inputs]` to `[…, outputs]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    linear(x, weight: weight.tensor, bias: bias.tensor)
  }
}
