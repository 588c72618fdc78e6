import Foundation
import Tensors
import Training

/// The toy with a fault that depends on weights and batch alone: one and the same run always breaks
/// down at the same step, however often it was stopped, and no more once the rate was halved.
struct Fragile: TrainableModel {
  enum Break: String, Sendable, CustomStringConvertible {
    case loss, gradient, weights
    var description: String { rawValue }
  }

  let toy: Toy
  let breaks: Break
  private let trigger: Float

  var parameters: [Parameter] { toy.parameters }

  /// - Parameter step: the step that breaks down, counted from 1.
  init(breaks: Break, seed: UInt64 = 5, at step: Int = 27) {
    toy = Toy(seed: seed)
    self.breaks = breaks
    trigger = Fragile.trigger(at: step)
  }

  func loss(of batch: Toy.Batch, task: String) throws -> TaskLoss {
    let isBad = parameters[0].value.elements[3] == trigger
    var result = try toy.loss(of: batch, task: task)
    guard isBad else { return result }
    switch breaks {
    case .loss: result.loss = result.loss * Float.nan
    case .gradient:
      // Adds nothing, but the factors of its gradient multiply to infinity.
      result.loss = result.loss + (result.loss - result.loss.detached) * 1e30 * 1e30
    case .weights: parameters[1].value = parameters[1].value * Float.infinity
    }
    return result
  }

  /// The weight that an undisturbed run has before a step.
  private static func trigger(at step: Int) -> Float {
    let (model, folder) = (Toy(), TemporaryFolder())
    var seen: Float = 0
    guard let trainer = try? Toy.trainer(folder.path, model: model) else { return 0 }
    trainer.afterStep = { if $0 == step - 1 { seen = model.parameters[0].value.elements[3] } }
    _ = try? trainer.runUndisturbed()
    return seen
  }
}
