import Tensors

/// The function between the two layers of a Transformer's feed-forward network.
public enum FeedForwardActivation: String, Codable, Sendable, CaseIterable {
  /// max(x, 0); DETR's choice.
  case relu
  /// x Φ(x).
  case gelu
  /// x Φ(x) with the approximation of Φ by a hyperbolic tangent.
  case tanhGELU = "gelu_new"
  /// x / (1 + exp(-x)).
  case silu
  /// max(x, 0) + a min(x, 0) with a learned `a`; DAB-DETR's choice.
  case prelu
}

/// The feed-forward network of a Transformer's layer: two linear layers with an activation between
/// them.
public struct FeedForward: Sendable {
  private let linear1: Linear
  private let linear2: Linear
  private let activation: FeedForwardActivation
  private let slope: Parameter?
  private let dropout: Float

  /// A network with DETR's parameter names `linear1` and `linear2`, and `activation.weight` `[1]`
  /// for the slope of `prelu`.
  public init(_ shape: TransformerShape, in scope: Scope) throws {
    linear1 = try Linear(shape.width, shape.feedforward, in: scope["linear1"])
    linear2 = try Linear(shape.feedforward, shape.width, in: scope["linear2"])
    activation = shape.activation
    slope =
      activation == .prelu
      ? try scope["activation"].parameter("weight", [1], .constant(0.25)) : nil
    dropout = shape.dropout
  }

  /// `[…, width]` to the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    linear2(hidden(x).dropout(dropout)).dropout(dropout)
  }

  private func hidden(_ x: Tensor) -> Tensor {
    switch activation {
    case .relu: return linear1(x, activation: .relu)
    case .gelu: return linear1(x, activation: .gelu)
    case .tanhGELU: return linear1(x, activation: .tanhGELU)
    case .silu: return linear1(x, activation: .silu)
    case .prelu:
      guard let slope else { preconditionFailure("prelu has a slope") }
      return linear1(x).parametricReLU(slope: slope.tensor)
    }
  }
}
