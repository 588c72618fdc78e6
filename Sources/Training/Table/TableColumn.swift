import Metrics
import Models

/// A task of a table, with the metric that is shown of it.
public struct TableColumn: Sendable, Equatable, Codable {
  /// The task's name.
  public let task: String
  /// The metric's name among the task's.
  public let metric: String

  /// The usual metric of a task, or another one that it has.
  ///
  /// - Throws: `TrainingError.metricMissing`: better before days of training than after.
  init(_ task: TaskSpec, metric: String?) throws {
    self.task = task.name
    let known: [String]
    if task.head == "detection" {
      let summary = CocoEvaluation(truth: [], detections: [], images: []).summary
      let described = ["attribute_accuracy", "attribute_recall"]
      known = summary.values.map(\.name) + (task.attributes == nil ? [] : described)
    } else {
      known = ["accuracy", "macro_f1"]
    }
    self.metric = metric ?? known[0]
    guard known.contains(self.metric) else {
      throw TrainingError.metricMissing(metric: self.metric, known: known)
    }
  }

  /// The metric's name among those of a run's evaluation.
  var name: String { "\(task)/\(metric)" }
}
