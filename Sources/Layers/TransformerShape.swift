/// The dimensions that the layers of one Transformer share.
public struct TransformerShape: Sendable, Equatable {
  /// Width of the states.
  public var width: Int
  /// Attention heads; they divide the width.
  public var heads: Int
  /// Width of the hidden layer of the two-layer network.
  public var feedforward: Int
  /// Dropout probability in training.
  public var dropout: Float

  /// Whether the layers normalise what goes into each part instead of the sum after it
  /// (`normalize_before` in DETR); trains faster from scratch.
  public var normalizesBefore: Bool

  /// The function inside the two-layer network.
  public var activation: FeedForwardActivation

  /// The dimensions of a Transformer.
  public init(
    width: Int, heads: Int, feedforward: Int, dropout: Float, normalizesBefore: Bool = false,
    activation: FeedForwardActivation = .relu
  ) {
    self.width = width
    self.heads = heads
    self.feedforward = feedforward
    self.dropout = dropout
    self.normalizesBefore = normalizesBefore
    self.activation = activation
  }
}
