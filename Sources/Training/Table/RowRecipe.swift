extension Recipe {
  /// The recipe of a run of a table.
  ///
  /// A model of one task takes the task's share of the steps that a model of all tasks takes, so
  /// that every row sees as many samples of a task; warm-up and the time between evaluations shrink
  /// alike.
  func row(of names: [String], seed: UInt64, share: Double) -> Recipe {
    var row = self
    func shrunk(_ steps: Int, least: Int) -> Int {
      share == 1 ? steps : max(least, Int((Double(steps) * share).rounded()))
    }
    row.table = nil
    row.output = nil
    row.seed = seed
    row.tasks = tasks.filter { names.contains($0.task) }
    row.steps = shrunk(steps, least: 1)
    row.schedule.warmup = min(row.steps, shrunk(schedule.warmup, least: 0))
    row.evaluateEvery = evaluateEvery == 0 ? 0 : shrunk(evaluateEvery, least: 1)
    if let metric = monitor.metric, !names.contains(where: { metric.hasPrefix($0 + "/") }) {
      row.monitor = Monitor(metric: nil, prefersSmaller: false)
    }
    // Whole weights fit no model but the one they are of; each row takes what it has.
    if let weights {
      row.weights = nil
      row.parts = Parts(image: nil, text: nil, model: weights)
    }
    return row
  }
}
