import Layers
import Models
import Tensors

/// Visual question answering as classification over a list of answers, any number of which may be
/// right to some degree (VQA v2 in UniT): binary cross-entropy, summed over the answers.
public struct AnswerHead: Head {
  private let task: TaskSpec
  private let classifier: AnswerClassifier

  /// A head with the official UniT's parameter names.
  public init(_ context: HeadContext, in scope: Scope) throws {
    task = context.task
    classifier = try AnswerClassifier(context, in: scope)
  }

  /// The classifier's.
  public var queriesRead: Int? { AnswerClassifier.queriesRead }

  /// `answers`: logits `[batch, answers]`.
  public func outputs(_ layer: DecodedLayer) -> [(name: String, value: Tensor)] {
    [("answers", classifier(layer.states))]
  }

  /// `logit_bce`: the mean over batch and answers, times the number of answers.
  public func loss(_ layers: [DecodedLayer], targets: Targets) throws -> [LossTerm] {
    guard case .answers(let wanted) = targets else {
      throw TargetError.wrongKind(task: task.name, expected: "answers", found: targets.kind)
    }
    let logits = classifier(layers[layers.count - 1].states)
    let mean = binaryCrossEntropy(logits: logits, targets: wanted)
    return [LossTerm("logit_bce", mean * Float(task.labels.count))]
  }

  /// Answers with the probability of each by itself.
  public func answers(_ layer: DecodedLayer, request: AnswerRequest) -> [HeadAnswer] {
    ranked(classifier(layer.states).sigmoid(), labels: task.labels).map { .ranked($0) }
  }
}
