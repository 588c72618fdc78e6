import Foundation
import Tensors

extension Trainer {
  /// How often a run goes back before it gives up.
  static var rollbackLimit: Int { 3 }

  /// The factor on every learning rate that the rollbacks left.
  var backoff: Double { (0..<session.rollbacks).reduce(1) { factor, _ in factor / 2 } }

  /// Returns to the last checkpoint that the recipe's `checkpoint_every` asked for, or to the
  /// beginning, and halves the learning rate.
  ///
  /// Checkpoints of interruptions do not count: a run that was interrupted and resumed goes back to
  /// the same step as one that was not, and ends with the same bits.
  ///
  /// - Throws: `TrainingError.notFinite` when the run went back often enough, or has nowhere to go;
  ///   `nan.json` in the run's folder then says what happened.
  func rollBack(after fault: NumericFault) throws {
    guard session.rollbacks < Self.rollbackLimit, try returnToAnchor() else {
      try fault.write(to: folder.path + "/nan.json", rollbacks: session.rollbacks)
      throw TrainingError.notFinite(
        what: fault.what, step: fault.step, task: fault.task, terms: fault.words,
        rollbacks: session.rollbacks)
    }
    session.rollbacks += 1
    try folder.truncate(after: session.step)
    try warn(
      TrainingWarning(
        name: "rolled_back", task: nil,
        text: "the \(fault.what) became infinite or not a number at step \(fault.step), task "
          + "'\(fault.task)'" + (fault.terms.isEmpty ? "" : " (\(fault.words))"),
        advice: "back at step \(session.step) with half the learning rate "
          + "(\(session.rollbacks) of \(Self.rollbackLimit) times)"),
      step: session.step + 1)
  }

  /// Puts back weights, moments, average and counters of the anchor; false where there is none.
  private func returnToAnchor() throws -> Bool {
    if let initial = session.initial {
      for (parameter, value) in zip(optimizer.parameters, initial) { parameter.value = value }
      optimizer.restore(optimizer.parameters.map { _ in nil })
      average?.restore(average?.parameters.map(\.value) ?? [], updates: 0)
      session.step = 0
      watch = TrainingWatch()
    } else if let path = session.anchor {
      let state = try folder.checkpoints.open(path)
      try restoreTensors(state, from: path)
      session.step = state.step
      watch = state.watch ?? TrainingWatch()
    } else {
      return false
    }
    // What is at the anchor on the disk may not be the newest checkpoint.
    session.savedStep = nil
    session.evaluatedStep = nil
    return true
  }

  /// Whether the recipe asks for a checkpoint at a step, so that a run may return to it.
  func isScheduled(_ step: Int) -> Bool {
    step == 0 || (recipe.checkpointEvery > 0 && step % recipe.checkpointEvery == 0)
  }

  /// Decides, when a session begins, to which checkpoint it would return.
  func chooseAnchor(newest path: String?) {
    guard let path else {
      session.initial = optimizer.parameters.map(\.value)
      return
    }
    let every = recipe.checkpointEvery
    let wanted = every > 0 ? session.step - session.step % every : 0
    let kept = folder.checkpoints.anchor
    let isKept = !isScheduled(session.step) && (try? folder.checkpoints.open(kept))?.step == wanted
    session.anchor = isKept ? kept : path
  }

  /// Keeps the checkpoint to return to before `last` is replaced by one that is no such.
  func keepAnchor() throws {
    if let initial = session.initial {
      try folder.checkpoints.write(
        "anchor", state: beginning(),
        tensors: [
          "model.safetensors": zip(optimizer.parameters, initial).map { ($0.name, $1) },
          "optimizer.safetensors": [],
        ].merging(
          average == nil
            ? [:]
            : [
              "average.safetensors": zip(optimizer.parameters, initial)
                .filter(\.0.isTrainable).map { ($0.name, $1) }
            ]
        ) { $1 })
      session.initial = nil
    } else if let path = session.anchor {
      try folder.checkpoints.keep(path)
    }
    session.anchor = folder.checkpoints.anchor
  }
}
