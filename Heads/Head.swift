import Layers
import Models
import Tensors

/// What turns the decoder's states into a task's answer: a network, its loss, its answer.
///
/// A new head is a folder here and one line in `HeadRegistry`.
public protocol Head: Sendable {
  /// A head with fresh or loaded parameters; `scope` is the root of the names.
  init(_ context: HeadContext, in scope: Scope) throws

  /// The outputs for one layer, by the names that the reference gives them.
  func outputs(_ layer: DecodedLayer) -> [(name: String, value: Tensor)]

  /// The terms of the loss, for a forward pass inside `withGradients`.
  ///
  /// - Parameters:
  ///   - layers: what the decoder gave after every layer.
  ///   - targets: what the answers should have been, one a batch item.
  /// - Throws: `TargetError` when the targets are not of this head's kind.
  func loss(_ layers: [DecodedLayer], targets: Targets) throws -> [LossTerm]

  /// Noised objects for a step of training, to be restored; nil where the task has none.
  ///
  /// - Parameter key: a key of the step, asked for where there is noise only; nil outside a training.
  func noised(_ targets: Targets, key: () -> RandomKey?) -> NoisedObjects?

  /// The terms of the loss of objects that were restored.
  ///
  /// - Parameters:
  ///   - layers: what the decoder gave for them after every layer.
  ///   - targets: the same that `noised` had.
  func restorationLoss(_ layers: [DecodedLayer], of noised: NoisedObjects, targets: Targets)
    -> [LossTerm]

  /// Figures that tell how a training is (see `TaskLoss.diagnostics`), without a gradient.
  ///
  /// - Parameter layer: the last layer's states, of the task's own queries.
  func diagnostics(_ layer: DecodedLayer, targets: Targets) -> [(name: String, value: Float)]

  /// How many of the first queries the answers come from; nil for all.
  var queriesRead: Int? { get }

  /// The answers to a batch.
  ///
  /// - Parameters:
  ///   - layer: the last layer's states, of the queries that are read at least.
  ///   - request: what is wanted of them.
  func answers(_ layer: DecodedLayer, request: AnswerRequest) -> [HeadAnswer]
}

extension Head {
  /// The outputs for one layer's states, `[batch, queries, width]`, of a task without reference
  /// boxes.
  public func outputs(_ states: Tensor) -> [(name: String, value: Tensor)] {
    outputs(DecodedLayer(states: states))
  }

  /// The answers to a batch from the last layer's states, of a task without reference boxes.
  public func answers(_ states: Tensor, request: AnswerRequest) -> [HeadAnswer] {
    answers(DecodedLayer(states: states), request: request)
  }

  /// None.
  public func noised(_ targets: Targets, key: () -> RandomKey?) -> NoisedObjects? { nil }

  /// Nothing.
  public func restorationLoss(
    _ layers: [DecodedLayer], of noised: NoisedObjects, targets: Targets
  ) -> [LossTerm] { [] }

  /// None.
  public func diagnostics(
    _ layer: DecodedLayer, targets: Targets
  ) -> [(name: String, value: Float)] { [] }

  /// All of them.
  public var queriesRead: Int? { nil }
}

/// What a head is built for.
public struct HeadContext: Sendable {
  /// The task.
  public let task: TaskSpec
  /// Width of the decoder's states.
  public let width: Int
  /// Dropout probability in training.
  public let dropout: Float

  /// A task with the dimensions around its head.
  public init(task: TaskSpec, width: Int, dropout: Float) {
    self.task = task
    self.width = width
    self.dropout = dropout
  }
}

/// One weighted term of a loss.
public struct LossTerm: Sendable {
  /// Its name in the reference, such as `loss_giou_2` for the third decoder layer.
  public let name: String
  /// The unweighted value, a scalar.
  public let value: Tensor
  /// Its factor in the sum.
  public let weight: Float

  /// A named value with its factor.
  public init(_ name: String, _ value: Tensor, weight: Float = 1) {
    self.name = name
    self.value = value
    self.weight = weight
  }
}

extension Sequence where Element == LossTerm {
  /// The weighted sum of the terms, a scalar.
  public var total: Tensor {
    var sum: Tensor?
    for term in self {
      let weighted = term.weight == 1 ? term.value : term.value * term.weight
      sum = sum.map { $0 + weighted } ?? weighted
    }
    return sum ?? Tensor(0)
  }
}

extension [[LossTerm]] {
  /// The means of lists of the same terms.
  var mean: [LossTerm] {
    guard count > 1 else { return first ?? [] }
    return self[0].indices.map { index in
      let sum = dropFirst().reduce(self[0][index].value) { $0 + $1[index].value }
      return LossTerm(
        self[0][index].name, sum * (1 / Float(count)), weight: self[0][index].weight)
    }
  }
}

/// What is wanted of a head's answers.
public struct AnswerRequest: Sendable {
  /// Width and height in pixels of each original picture, for boxes.
  public var sizes: [(width: Int, height: Int)]
  /// Whether attributes are wanted.
  public var attributes: Bool
  /// Chooses among all queries and classes of a picture, most probable first, and gives them new
  /// scores and boxes; nil for the hundred most probable. For heads whose queries may be several
  /// objects, one for each class.
  public var choose: (@Sendable (_ all: [Detection]) -> [ChosenDetection])?

  /// A request.
  public init(sizes: [(width: Int, height: Int)] = [], attributes: Bool = false) {
    self.sizes = sizes
    self.attributes = attributes
  }
}

/// One of the objects that a detector may mean, with what is to be told of it.
public struct ChosenDetection: Sendable {
  /// Its position among all.
  public var index: Int
  /// Its score.
  public var score: Float
  /// Its box.
  public var box: Detection.Box
}

/// A head's answer for one item of a batch.
public enum HeadAnswer: Sendable {
  /// Objects, most probable first.
  case detections([Detection])
  /// Answers or classes, most probable first.
  case ranked([RankedAnswer])
}
