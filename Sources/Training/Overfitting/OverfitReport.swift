import Foundation

/// Whether a model learnt a few samples by heart, and why probably not.
///
/// A model that cannot do that has a fault that no amount of data and time heals, and it shows within
/// minutes (Karpathy, A Recipe for Training Neural Networks, 2019).
public struct OverfitReport: Sendable, Equatable {
  /// What must be exceeded.
  public static let goal = 0.9

  /// How one task ended.
  public struct Task: Sendable, Equatable {
    /// The task.
    public let name: String
    /// What was measured: `AP50` or `accuracy`.
    public let metric: String
    /// Its value.
    public let value: Double
    /// What is probably wrong, in plain words; empty where the goal was reached.
    public let findings: [String]

    /// Whether the goal was reached.
    public var isReached: Bool { value > OverfitReport.goal }
  }

  /// Samples of each task at most.
  public let samples: Int
  /// The tasks.
  public let tasks: [Task]

  /// Whether every task reached the goal.
  public var isReached: Bool { tasks.allSatisfy(\.isReached) }

  /// The figures in one line.
  public var line: String {
    tasks.map { "\($0.name) \($0.metric) \(String(format: "%.3f", $0.value))" }
      .joined(separator: ", ")
  }

  /// The figure that a task's metrics are judged by: `AP50` where there is one, else `accuracy`.
  static func figure(
    of task: String, in metrics: [(name: String, value: Double)]
  ) -> (metric: String, value: Double)? {
    for metric in ["AP50", "accuracy"] {
      if let found = metrics.first(where: { $0.name == "\(task)/\(metric)" }) {
        return (metric, found.value)
      }
    }
    return nil
  }

  /// A report.
  ///
  /// - Parameters:
  ///   - metrics: the last evaluation, `task/metric`.
  ///   - watch: how losses and diagnostics went.
  ///   - rollbacks: how often the run went back because of numbers that were not finite.
  init(
    samples: Int, tasks: [String], metrics: [(name: String, value: Double)],
    watch: TrainingWatch, rollbacks: Int
  ) {
    self.samples = samples
    self.tasks = tasks.compactMap { name in
      guard let (metric, value) = Self.figure(of: name, in: metrics) else { return nil }
      let isReached = value > Self.goal
      return Task(
        name: name, metric: metric, value: value,
        findings: isReached ? [] : Self.findings(name, watch, rollbacks: rollbacks))
    }
  }

  private static func findings(
    _ task: String, _ watch: TrainingWatch, rollbacks: Int
  ) -> [String] {
    var found: [String] = []
    if rollbacks > 0 {
      found.append("the numbers became infinite \(rollbacks) times: 'optimizer.lr' is too large")
    }
    guard let loss = watch.trend(task, "loss") else {
      return found + ["the task was never trained: check its ratio and the steps"]
    }
    if let dependence = watch.trend(task, "picture_dependence"), dependence.recent < 0.01 {
      found.append("the outputs are the same for every picture")
    }
    if let matched = watch.trend(task, "matched_fraction"), matched.recent < 0.5 {
      let share = String(format: "%.0f", 100 * matched.recent)
      found.append(
        "\(share) % of the true boxes are covered by the prediction that is to find them")
    }
    let still = watch.figures(of: task).filter { name, trend in
      name != "loss" && !Self.diagnostics.contains(name) && trend.first > 1e-6
        && trend.recent > 0.9 * trend.first
    }
    if !still.isEmpty {
      let list = still.map { "\($0.name) (\(worded($0.trend)))" }.joined(separator: ", ")
      found.append("these parts of the loss did not fall: \(list)")
    }
    return found + [rate(loss)]
  }

  /// What the course of the loss says of the learning rate.
  private static func rate(_ loss: ValueTrend) -> String {
    if loss.recent > 1.05 * loss.first || loss.recent > 1.5 * loss.lowest {
      return "the loss rose again (\(worded(loss))): 'optimizer.lr' is too large"
    }
    if loss.recent > 0.9 * loss.first {
      return "the loss hardly moved (\(worded(loss))): 'optimizer.lr' is too small, or what has to "
        + "learn is frozen"
    }
    if loss.recent < 0.02 * loss.first {
      return
        "the loss is small (\(worded(loss))) and the answers are wrong all the same: the task's "
        + "labels or its preprocessing differ between training and evaluation"
    }
    return "the loss was still falling (\(worded(loss))): 'steps' are too few or 'optimizer.lr' is "
      + "too small"
  }

  private static let diagnostics = ["matched_fraction", "picture_dependence"]

  private static func worded(_ trend: ValueTrend) -> String {
    String(format: "%.3g at first, %.3g at last", trend.first, trend.recent)
  }
}

/// A model that did not learn a few samples by heart.
public struct OverfitFailure: Error, Equatable, CustomStringConvertible {
  /// What was measured.
  public let report: OverfitReport

  /// A failure.
  public init(_ report: OverfitReport) { self.report = report }

  /// Which tasks failed, and below why.
  public var description: String {
    let failed = report.tasks.filter { !$0.isReached }
    let values = failed.map {
      "task '\($0.name)' has \($0.metric) \(String(format: "%.3f", $0.value))"
    }
    let reasons = failed.map { task in
      (failed.count > 1 ? "\(task.name): " : "") + task.findings.joined(separator: "; ")
    }
    return "the model did not learn \(report.samples) samples by heart: "
      + "\(values.joined(separator: ", ")), expected more than \(OverfitReport.goal)\n"
      + reasons.joined(separator: ". ")
  }
}
