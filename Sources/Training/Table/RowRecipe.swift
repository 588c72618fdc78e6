extension Recipe {
  /// The steps of this recipe that train a task, at random by its ratio or exactly as the schedule
  /// has it; 0 for a task that takes no part.
  func steps(of task: String) -> Int {
    guard let position = tasks.firstIndex(where: { $0.task == task }) else { return 0 }
    let ratios = tasks.map(\.ratio)
    let isMember = ratios[position] > 0
    let count: Int
    switch sampling ?? .ratios {
    case .ratios:
      count = Int((Double(steps) * ratios[position] / ratios.reduce(0, +)).rounded())
    case .uniform, .alternating:
      count = Int((Double(steps) / Double(ratios.count { $0 > 0 })).rounded())
    case .accumulated:
      count = steps
    case .weighted, .taskByTask:
      return tasks[position].steps ?? TaskSchedule.counts(ratios: ratios, steps: steps)[position]
    }
    return isMember ? max(1, count) : 0
  }

  /// The recipe of a run of a table.
  ///
  /// A model of one task takes the steps that a model of all tasks takes for it, so that every row
  /// sees as many samples of a task; warm-up and the time between evaluations shrink alike. No run
  /// stops early.
  ///
  /// - Parameter task: the only one; nil for all.
  func row(of task: String?, seed: UInt64) -> Recipe {
    var row = self
    let own = task.map(steps(of:)) ?? steps
    func shrunk(_ count: Int, least: Int) -> Int {
      own == steps
        ? count : max(least, Int((Double(count) * Double(own) / Double(steps)).rounded()))
    }
    row.earlyStopping = nil
    row.table = nil
    row.output = nil
    row.seed = seed
    if let task {
      row.tasks = tasks.filter { $0.task == task }
      row.tasks[0].steps = nil
      row.sampling = nil
    }
    row.steps = own
    row.schedule.warmup = min(row.steps, shrunk(schedule.warmup, least: 0))
    row.evaluateEvery = evaluateEvery == 0 ? 0 : shrunk(evaluateEvery, least: 1)
    let metric = monitor.metric ?? ""
    if !row.tasks.contains(where: { metric.hasPrefix($0.task + "/") }) {
      row.monitor = Monitor(metric: nil, prefersSmaller: false)
    }
    return row
  }
}
