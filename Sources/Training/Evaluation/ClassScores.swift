import Foundation
import Metrics
import Models

/// How well each class of a task is told, the best first.
public struct ClassScores: Sendable {
  /// The names of the columns; the first is the class.
  public let columns: [String]
  /// One row a class; figures that cannot be measured are -1.
  public let rows: [(name: String, values: [Double])]

  /// The classes of an evaluation that occur in the truth or in the answers.
  public init(_ evaluation: TaskEvaluation, task: TaskSpec) {
    let rows: [(name: String, values: [Double])]
    if let boxes = evaluation.boxes {
      columns = ["class", "AP", "AP50", "AP75", "AR100", "objects", "detections"]
      rows = boxes.perClass.map { score in
        let row = task.labelIDs.map { $0.firstIndex(of: score.category) } ?? score.category
        let summary = score.summary
        return (
          Self.name(row ?? -1, task) ?? "\(score.category)",
          [
            summary.AP, summary.AP50, summary.AP75, summary.AR100, Double(score.objects),
            Double(score.detections),
          ]
        )
      }
    } else {
      columns = ["class", "f1", "precision", "recall", "samples", "answers"]
      let confusion = evaluation.confusion
      rows = (0..<confusion.classes).compactMap { row in
        let all = 0..<confusion.classes
        let samples = all.reduce(0) { $0 + confusion[truth: row, prediction: $1] }
        let answers = all.reduce(0) { $0 + confusion[truth: $1, prediction: row] }
        guard samples + answers > 0 else { return nil }
        return (
          Self.name(row, task) ?? "\(row)",
          [
            confusion.f1(row), confusion.precision(row), confusion.recall(row), Double(samples),
            Double(answers),
          ]
        )
      }
    }
    self.rows = rows.enumerated().sorted { a, b in
      (b.element.values[0], a.offset) < (a.element.values[0], b.offset)
    }.map(\.element)
  }

  /// The table as a file of comma-separated values after RFC 4180.
  public var csv: String {
    let rows = rows.map { row in [Self.cell(row.name)] + row.values.map { Self.number($0) } }
    return ([columns] + rows).map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  /// A figure in full, a count without a point.
  static func number(_ value: Double) -> String {
    value.rounded() == value && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  private static func cell(_ text: String) -> String {
    text.contains { ",\"\r\n".contains($0) }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  private static func name(_ row: Int, _ task: TaskSpec) -> String? {
    task.labels.indices.contains(row) && !task.labels[row].isEmpty ? task.labels[row] : nil
  }
}
