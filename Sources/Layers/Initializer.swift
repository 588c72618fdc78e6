import Tensors

/// How a fresh parameter begins.
public enum Initializer: Sendable {
  /// All zero.
  case zeros
  /// All one.
  case ones
  /// The same value everywhere.
  case constant(Float)
  /// Normal with mean zero.
  case normal(standardDeviation: Float)
  /// Uniform in the range.
  case uniform(Range<Float>)
  /// Uniform in ±sqrt(6 / (fan in + fan out)) (Glorot and Bengio, 2010); DETR's choice.
  case xavierUniform
  /// Normal with standard deviation sqrt(2 / fan out) (He et al., 2015); for convolutions before a
  /// ReLU, as torchvision's residual networks begin.
  case heNormal

  /// Fresh values of a parameter of the given shape, `[out, in, …]`.
  func tensor(_ shape: Shape, key: RandomKey) -> Tensor {
    let receptive = shape.dropFirst(2).reduce(1, *)
    let fanIn = (shape.count > 1 ? shape[1] : shape.first ?? 1) * receptive
    let fanOut = (shape.first ?? 1) * receptive
    switch self {
    case .zeros: return .zeros(shape)
    case .ones: return .ones(shape)
    case .constant(let value): return Tensor(repeating: value, shape: shape)
    case .normal(let deviation):
      return .normal(shape, standardDeviation: deviation, key: key)
    case .uniform(let range): return .uniform(shape, in: range, key: key)
    case .xavierUniform:
      let bound = (6 / Float(fanIn + fanOut)).squareRoot()
      return .uniform(shape, in: -bound..<bound, key: key)
    case .heNormal:
      return .normal(shape, standardDeviation: (2 / Float(fanOut)).squareRoot(), key: key)
    }
  }
}
