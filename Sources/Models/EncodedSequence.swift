import Tensors

/// What an encoder hands to the decoder: states, their positions, and which of them count.
public struct EncodedSequence: Sendable {
  /// `[batch, tokens, width]`
  public var states: Tensor
  /// Added to the keys of the decoder's attention; `[batch, tokens, width]`
  public var positions: Tensor
  /// `batch * tokens` flags, true where a token is valid; nil when all are.
  public var padding: [Bool]?

  /// States with their positions and padding.
  public init(states: Tensor, positions: Tensor, padding: [Bool]?) {
    self.states = states
    self.positions = positions
    self.padding = padding
  }

  /// Number of tokens.
  public var tokens: Int { states.shape[1] }

  /// This sequence followed by another, picture by picture.
  public func followed(by other: EncodedSequence) -> EncodedSequence {
    EncodedSequence(
      states: concatenated([states, other.states], axis: 1),
      positions: concatenated([positions, other.positions], axis: 1),
      padding: joinedPadding(
        [(tokens, padding), (other.tokens, other.padding)], batch: states.shape[0]))
  }

  /// Each sequence of the batch several times in turn.
  public func repeated(_ times: Int) -> EncodedSequence {
    if times == 1 { return self }
    let rows = (0..<states.shape[0] * times).map { $0 / times }
    return EncodedSequence(
      states: states.gathered(rows: rows), positions: positions.gathered(rows: rows),
      padding: padding.map { flags in
        rows.flatMap { flags[$0 * tokens..<($0 + 1) * tokens] }
      })
  }

  /// The rows with a token put before each of them; its position is zero and it is valid.
  func prepending(_ token: Tensor) -> EncodedSequence {
    let batch = states.shape[0]
    let width = states.shape[2]
    let tokens = concatenated(
      [Tensor](repeating: token.reshaped([1, 1, width]), count: batch), axis: 0)
    let task = EncodedSequence(
      states: tokens, positions: .zeros([batch, 1, width]), padding: nil)
    return task.followed(by: self)
  }
}

/// The flags of sequences that follow one another, picture by picture; nil when all tokens count.
func joinedPadding(_ parts: [(tokens: Int, flags: [Bool]?)], batch: Int) -> [Bool]? {
  if parts.allSatisfy({ $0.flags == nil }) { return nil }
  return (0..<batch).flatMap { item in
    parts.flatMap { part in
      let range = item * part.tokens..<(item + 1) * part.tokens
      return part.flags.map { Array($0[range]) } ?? range.map { _ in true }
    }
  }
}
