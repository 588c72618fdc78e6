import Heads
import Synchronization

extension Recipe {
  /// The recipe of a training that learns a few samples of each task by heart: without random changes
  /// and without an average, which would lag behind, and measured often.
  ///
  /// - Parameter samples: samples of each task.
  public func overfitting(_ samples: Int) -> Recipe {
    var recipe = self
    for index in recipe.tasks.indices {
      recipe.tasks[index].augmentation = PictureAugmentation()
      recipe.tasks[index].batch = min(samples, recipe.tasks[index].batch)
    }
    recipe.average = nil
    recipe.earlyStopping = nil
    let often = max(1, steps / 10)
    recipe.evaluateEvery = evaluateEvery > 0 ? min(evaluateEvery, often) : often
    return recipe
  }
}

extension JointTraining {
  /// Trains until every task knows its samples by heart, or the recipe's steps are done.
  ///
  /// The training must have been made with `firstSamples` and the recipe of `Recipe.overfitting`.
  ///
  /// - Returns: how the run ended and what was reached.
  public func overfit() throws -> (
    outcome: Trainer<MultitaskModel>.Outcome, report: OverfitReport
  ) {
    let names = recipe.tasks.filter { $0.ratio > 0 || ($0.steps ?? 0) > 0 }.map(\.task)
    let last = Mutex<[(name: String, value: Double)]>([])
    trainer.isSatisfied = { metrics in
      last.withLock { $0 = metrics }
      return names.allSatisfy { name in
        (OverfitReport.figure(of: name, in: metrics)?.value ?? 0) > OverfitReport.goal
      }
    }
    let outcome = try trainer.run()
    var metrics = last.withLock { $0 }
    // A resumed run that was over already was not evaluated again.
    if metrics.isEmpty, let evaluate = trainer.evaluate { metrics = try evaluate(outcome.step) }
    let report = OverfitReport(
      samples: firstSamples ?? 0, tasks: names, metrics: metrics, watch: trainer.watch,
      rollbacks: trainer.session.rollbacks)
    return (outcome, report)
  }
}
