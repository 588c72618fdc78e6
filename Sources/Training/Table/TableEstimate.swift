import Foundation
import Tensors

/// What a table would train, and about how long that takes here.
public struct TableEstimate {
  /// Seconds of a step of each task, by its name.
  public let seconds: [String: Double]
  private let plan: TablePlan

  /// Measures one step of each task on the joint model; nothing is left behind.
  public init(_ plan: TablePlan) throws {
    self.plan = plan
    guard let joint = plan.runs.max(by: { $0.tasks.count < $1.tasks.count }) else {
      seconds = [:]
      return
    }
    let folder = NSTemporaryDirectory() + "/unit-table-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var seconds: [String: Double] = [:]
    // The weights of a detector that is not trained yet decide nothing here.
    let runs = joint.tasks.count == plan.columns.count ? [joint] : plan.runs
    for run in runs where run.tasks.contains(where: { seconds[$0] == nil }) {
      var recipe = try plan.prepare(run, in: folder)
      if run.row == .detectorFirst { recipe.weights = nil }
      let training = try JointTraining.tolerant(
        recipe, folder: folder, options: .init(), features: folder + "/features")
      for (task, source) in zip(run.tasks, training.trainer.sources) where seconds[task] == nil {
        // The first time warms up, and computes what frozen encoders give.
        for _ in 0..<2 { seconds[task] = try Self.step(task, source, training) }
      }
    }
    self.seconds = seconds
  }

  /// The seconds of the forward and backward pass of a task's first batch, its loading counted.
  private static func step(
    _ task: String, _ source: any BatchSource<TaskBatch>, _ training: JointTraining
  ) throws -> Double {
    let start = ContinuousClock.now
    let batch = try source.batch(0)
    _ = try withGradients(dropoutKey: RandomKey(seed: 0)) {
      try training.model.loss(of: batch, task: task).loss
    }
    let passed = start.duration(to: .now).components
    return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
  }

  /// The trainings, one a line, and all together.
  public var text: String {
    func duration(_ run: TableRun) -> Double {
      run.tasks.reduce(0) { $0 + Double(run.recipe.steps(of: $1)) * (seconds[$1] ?? 0) }
        * Double(run.recipe.accumulate ?? 1)
    }
    let width = plan.runs.map(\.name.count).max() ?? 0
    let lines = plan.runs.map { run in
      run.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
        + "\(run.recipe.steps) steps, \(grouped(run.parameters.all)) parameters "
        + "(\(grouped(run.parameters.trained)) learn), about \(Self.worded(duration(run)))\n"
    }
    let shares = plan.recipe.tasks.map {
      "  \($0.task): \(grouped(plan.recipe.steps(of: $0.task))) of \(grouped(plan.recipe.steps)) steps, "
        + "batches of \($0.batch), \(String(format: "%.3f", seconds[$0.task] ?? 0)) s a step\n"
    }
    let steps = plan.runs.reduce(0) { $0 + $1.recipe.steps }
    let total = plan.runs.reduce(0) { $0 + duration($1) }
    return lines.joined() + "tasks:\n" + shares.joined()
      + "\(plan.runs.count) trainings, \(grouped(steps)) steps, about \(Self.worded(total)) here, "
      + "evaluations and the first pass of frozen encoders not counted\n"
  }

  /// A time as people say it.
  static func worded(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    if whole < 120 { return "\(whole) s" }
    let minutes = (whole + 59) / 60
    return minutes < 120 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }
}
