import Layers
import Tensors

/// The network of the official UniT's classifiers: BERT's prediction transform (linear, GELU,
/// layer normalisation) and a linear layer, on the state of the first query.
struct AnswerClassifier: Sendable {
  private let dense: Linear
  private let norm: LayerNorm
  private let output: Linear
  private let dropout: Float

  init(_ context: HeadContext, in scope: Scope) throws {
    let place = scope["classifiers.\(context.task.group).\(context.task.name)"]
    let width = context.width
    dense = try Linear(width, width, in: place["0.dense"])
    norm = try LayerNorm(width, epsilon: 1e-12, in: place["0.LayerNorm"])
    output = try Linear(width, context.task.labels.count, in: place["1"].exact)
    dropout = context.dropout
  }

  /// It reads the first query's state.
  static let queriesRead = 1

  /// States `[batch, queries, width]` to logits `[batch, labels]`.
  func callAsFunction(_ states: Tensor) -> Tensor {
    let first = states.sliced(axis: 1, range: 0..<1).reshaped([states.shape[0], states.shape[2]])
    return output(norm(dense(first.dropout(dropout)).gelu()))
  }
}

/// Labels with their probabilities, most probable first; ties in the order of the labels.
func ranked(_ probabilities: Tensor, labels: [String]) -> [[RankedAnswer]] {
  let elements = probabilities.elements
  return (0..<probabilities.shape[0]).map { item in
    let scores = elements[item * labels.count..<(item + 1) * labels.count]
    return zip(labels, scores)
      .filter { !$0.0.isEmpty }
      .enumerated()
      .sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }
      .map { RankedAnswer(answer: $0.element.0, score: $0.element.1) }
  }
}
