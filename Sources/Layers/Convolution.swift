import Tensors

/// A convolution with a bias (torch.nn.Conv2d).
public struct Convolution: Sendable {
  private let weight: Parameter
  private let bias: Parameter
  private let stride: Int
  private let prepared = Prepared<PackedConvolution>()

  /// A convolution without padding whose parameters are called `weight`, `[outputs, inputs, kernel,
  /// kernel]`, and `bias`.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: Int = 1, stride: Int = 1, weight: Initializer,
    in scope: Scope
  ) throws {
    self.weight = try scope.weight("weight", [outputs, inputs, kernel, kernel], weight)
    bias = try scope.parameter("bias", [outputs], .zeros)
    self.stride = stride
  }

  /// `[batch, height, width, inputs]` to `[batch, height / stride, width / stride, outputs]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let packed = prepared(weight, bias) { lasts in
      PackedConvolution(
        weight: weight.value, shift: bias.value, stride: stride, precision: weight.precision,
        lasts: lasts)
    }
    return packed.map { convolution2d(x, $0) }
      ?? convolution2d(x, weight: weight.tensor, bias: bias.tensor, stride: stride)
  }
}
