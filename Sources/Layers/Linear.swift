import Tensors

/// A linear layer, `y = x Wᵀ + b` (torch.nn.Linear).
public struct Linear: Sendable {
  /// `[outputs, inputs]`
  public let weight: Parameter
  /// `[outputs]`
  public let bias: Parameter
  private let prepared = Prepared<PackedMatrix>()

  /// A linear layer whose parameters are called `weight` and `bias`.
  public init(
    _ inputs: Int, _ outputs: Int, weight: Initializer = .xavierUniform,
    bias: Initializer = .zeros, in scope: Scope
  ) throws {
    self.weight = try scope.weight("weight", [outputs, inputs], weight)
    self.bias = try scope.parameter("bias", [outputs], bias)
  }

  /// `activation(x Wᵀ + b)`: `[…, inputs]` to `[…, outputs]`.
  public func callAsFunction(_ x: Tensor, activation: Activation = .none) -> Tensor {
    if let matrix = prepared(weight, bias, make: packed(lasts:)) {
      return product(x, matrix, activation: activation)
    }
    return linear(x, weight: weight.tensor, bias: bias.tensor).activated(activation)
  }

  private func packed(lasts: Bool) -> PackedMatrix {
    PackedMatrix(
      weight: weight.value, shift: bias.value, precision: weight.precision, lasts: lasts)
  }
}
