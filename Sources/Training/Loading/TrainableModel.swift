import Tensors

/// What the trainer must know of a model: its parameters, and its loss on a batch of a task.
public protocol TrainableModel {
  /// What a task's loader makes and the loss takes.
  associatedtype Batch: Sendable

  /// Every parameter, each under a name of its own, in an order that does not change.
  var parameters: [Parameter] { get }

  /// The loss of one batch. Called inside `withGradients`.
  ///
  /// - Throws: whatever makes the batch unusable; training stops with it.
  func loss(of batch: Batch, task: String) throws -> TaskLoss
}

/// A loss and what it is made of.
public struct TaskLoss {
  /// The scalar whose gradient is taken.
  public var loss: Tensor
  /// Named parts for the log, scalars; they need not add up to the loss.
  public var terms: [(name: String, value: Tensor)]
  /// Named figures of the batch that tell how the training is, without a gradient. The trainer logs
  /// them and warns by some (`Disease`): `matched_fraction`, the part of the true boxes that a
  /// prediction covers by half or more; `picture_dependence`, the variance of the outputs over the
  /// pictures of a batch relative to that over queries and classes, 0 where the picture is ignored.
  public var diagnostics: [(name: String, value: Float)]

  /// A loss and what it is made of.
  public init(
    loss: Tensor, terms: [(name: String, value: Tensor)] = [],
    diagnostics: [(name: String, value: Float)] = []
  ) {
    self.loss = loss
    self.terms = terms
    self.diagnostics = diagnostics
  }
}
