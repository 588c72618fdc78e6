import Heads
import Inputs
import Models
import Synchronization
import Tensors

/// The states of texts that a text encoder gives which is not trained, computed once for each text.
///
/// Every text is encoded by itself, so that its states do not depend on which texts it met first.
public final class TextStates: Sendable {
  private struct Encoded: Sendable {
    /// `[1, length, width]`
    let states: Tensor
    let positions: Tensor
  }

  private let model: MultitaskModel
  private let task: TaskSpec
  private let limit: Int
  private let known = Mutex<(texts: [TokenSequence: Encoded], bytes: Int)>(([:], 0))

  /// Nothing yet.
  ///
  /// - Parameters:
  ///   - task: any task that reads texts; the encoder does not know which.
  ///   - limit: the most bytes that are kept; further texts are encoded each time.
  public init(_ model: MultitaskModel, task: TaskSpec, limit: Int = 1 << 30) {
    self.model = model
    self.task = task
    self.limit = limit
  }

  /// The states of texts, padded to the longest.
  public func states(of texts: [TokenSequence]) -> EncodedSequence {
    let encoded = texts.map(encoded)
    let length = encoded.map { $0.states.shape[1] }.max() ?? 0
    func padded(_ tensor: Tensor) -> Tensor {
      let missing = length - tensor.shape[1]
      return missing == 0
        ? tensor : concatenated([tensor, .zeros([1, missing, tensor.shape[2]])], axis: 1)
    }
    // Positions are the same rows of a table for every text.
    let longest = encoded.first { $0.states.shape[1] == length }
    let rows = longest.map { [Tensor](repeating: $0.positions, count: texts.count) } ?? []
    let isFull = encoded.allSatisfy { $0.states.shape[1] == length }
    return EncodedSequence(
      states: concatenated(encoded.map { padded($0.states) }, axis: 0),
      positions: concatenated(rows, axis: 0),
      padding: isFull
        ? nil
        : encoded.flatMap { text in (0..<length).map { $0 < text.states.shape[1] } })
  }

  private func encoded(_ text: TokenSequence) -> Encoded {
    if let found = known.withLock({ $0.texts[text] }) { return found }
    let sequence = model.network.encodeTexts(model.batch(of: [text]), task: task)
    let encoded = Encoded(states: sequence.states, positions: sequence.positions)
    known.withLock { known in
      let bytes = 2 * sequence.states.count * MemoryLayout<Float>.stride
      guard known.bytes + bytes <= limit, known.texts[text] == nil else { return }
      known.texts[text] = encoded
      known.bytes += bytes
    }
    return encoded
  }
}
