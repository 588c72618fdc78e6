import Recipes

extension Recipe {
  /// The order of the tasks over the steps.
  public var taskSchedule: TaskSchedule {
    let counts = tasks.map(\.steps)
    return TaskSchedule(
      sampling ?? .ratios, seed: seed, ratios: tasks.map(\.ratio),
      counts: counts.contains { $0 != nil } ? counts.map { $0 ?? 0 } : nil, steps: steps)
  }

  /// Reads `sampling` and checks the steps of the tasks, which only some schedules have.
  static func sampling(
    _ fields: RecipeFields, tasks: [TaskSpec], steps: Int
  ) throws -> TaskSchedule.Kind? {
    let kind =
      try fields.fields("sampling", known: ["schedule"])?
      .choice("schedule", TaskSchedule.Kind.self) ?? .ratios
    let counts = tasks.compactMap(\.steps)
    guard !counts.isEmpty else { return kind == .ratios ? nil : kind }
    guard kind == .weighted || kind == .taskByTask else {
      throw fields.failure(
        "tasks",
        "gives steps to single tasks, which the schedule '\(kind.rawValue)' does not count; "
          + "leave them out, or choose 'sampling: {schedule: weighted}' or 'task_by_task'")
    }
    guard counts.count == tasks.count else {
      let without = tasks.first { $0.steps == nil }?.task ?? ""
      throw fields.failure(
        "tasks", "gives steps to some tasks only: expected 'steps' for '\(without)' as well")
    }
    let sum = counts.reduce(0, +)
    guard sum == steps else {
      throw fields.failure(
        "tasks",
        "has \(sum) steps in all, expected the run's, \(steps); change 'steps' or a task's")
    }
    return kind
  }

  /// Reads `early_stopping`, which needs evaluations to look at.
  static func earlyStopping(
    _ fields: RecipeFields, evaluateEvery: Int
  ) throws -> EarlyStopping? {
    guard let entry = try fields.fields("early_stopping", known: ["patience"]) else { return nil }
    let patience = try entry.required(
      "patience", try entry.integer("patience", in: 1...1_000_000))
    guard evaluateEvery > 0 else {
      throw fields.failure(
        "early_stopping", "counts evaluations, and there are none; set 'evaluate_every'")
    }
    return EarlyStopping(patience: patience)
  }
}
