/// An answer with its probability, as the answer and classification heads give them, best first.
public struct RankedAnswer: Sendable, Equatable {
  /// The answer's text.
  public var answer: String
  /// Probability in `0...1`.
  public var score: Float

  /// An answer with its probability.
  public init(answer: String, score: Float) {
    self.answer = answer
    self.score = score
  }
}
