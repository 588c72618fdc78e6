import Layers
import Models
import Tensors

/// Exactly one class is right: visual entailment and the language tasks of UniT, and question
/// answering with a single right answer.
public struct ClassificationHead: Head {
  private let task: TaskSpec
  private let classifier: AnswerClassifier

  /// A head with the official UniT's parameter names.
  public init(_ context: HeadContext, in scope: Scope) throws {
    task = context.task
    classifier = try AnswerClassifier(context, in: scope)
  }

  /// The classifier's.
  public var queriesRead: Int? { AnswerClassifier.queriesRead }

  /// `logits`: `[batch, classes]`.
  public func outputs(_ layer: DecodedLayer) -> [(name: String, value: Tensor)] {
    [("logits", classifier(layer.states))]
  }

  /// `cross_entropy`: the mean over the batch.
  public func loss(_ layers: [DecodedLayer], targets: Targets) throws -> [LossTerm] {
    guard case .classes(let wanted) = targets else {
      throw TargetError.wrongKind(task: task.name, expected: "classes", found: targets.kind)
    }
    let rows = task.labels.count
    if let label = wanted.first(where: { !(0..<rows).contains($0) }) {
      throw TargetError.labelOutOfRange(task: task.name, label: label, rows: rows)
    }
    let logits = classifier(layers[layers.count - 1].states)
    return [LossTerm("cross_entropy", crossEntropy(logits, targets: wanted))]
  }

  /// Classes with probabilities that add up to 1.
  public func answers(_ layer: DecodedLayer, request: AnswerRequest) -> [HeadAnswer] {
    ranked(classifier(layer.states).softmax(), labels: task.labels).map { .ranked($0) }
  }
}
