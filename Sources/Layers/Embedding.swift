import Tensors

/// A table of learned vectors (torch.nn.Embedding).
public struct Embedding: Sendable {
  /// `[rows, width]`
  public let weight: Parameter

  /// A table whose parameter is called `weight`.
  public init(
    rows: Int, width: Int, initializer: Initializer = .normal(standardDeviation: 1),
    in scope: Scope
  ) throws {
    weight = try scope.parameter("weight", [rows, width], initializer)
  }

  /// The rows at `indices`, arranged as `shape`: `shape + [width]`.
  public func callAsFunction(_ indices: [Int], shape: Shape) -> Tensor {
    embedding(weight.tensor, indices: indices, shape: shape)
  }

  /// One row, `[width]`.
  public func row(_ index: Int) -> Tensor { self([index], shape: []) }
}
