import Annotations
import Foundation
import Metrics

/// COCO's numbers as people and scripts read them.
struct DetectionScoreReport {
  private let evaluation: CocoEvaluation
  private let names: [Int: String]
  private let hasClasses: Bool

  /// The numbers of an evaluation, with the names of the truth's categories.
  init(_ evaluation: CocoEvaluation, truth: CocoAnnotations, hasClasses: Bool) {
    self.evaluation = evaluation
    self.hasClasses = hasClasses
    names = Dictionary(truth.categories.map { ($0.id, $0.name) }) { first, _ in first }
  }

  /// COCO's twelve lines, then a table of the categories if it is wanted.
  var text: String {
    let lines = evaluation.summary.cocoLines(limits: evaluation.limits)
    guard hasClasses else { return lines }
    let rows = evaluation.perClass.map { score in
      [
        name(of: score.category), score.summary.AP.decimals(3), score.summary.AP50.decimals(3),
        score.summary.AR100.decimals(3), "\(score.objects)", "\(score.detections)",
      ]
    }
    return lines + "\n"
      + table([["category", "AP", "AP50", "AR", "objects", "detections"]] + rows)
  }

  /// The unrounded numbers by their names; -1 where there is nothing to measure.
  var json: JSONText {
    var fields = Self.fields(evaluation.summary)
    fields.insert(.init(name: "schema", value: 1), at: 0)
    if hasClasses {
      let classes = evaluation.perClass.map { score in
        JSONText.object(
          [
            .init(name: "category_id", value: .integer(score.category)),
            .init(name: "category", value: .string(name(of: score.category))),
            .init(name: "objects", value: .integer(score.objects)),
            .init(name: "detections", value: .integer(score.detections)),
          ] + Self.fields(score.summary))
      }
      fields.append(.init(name: "classes", value: .array(classes)))
    }
    return .object(fields)
  }

  private func name(of category: Int) -> String { names[category] ?? "\(category)" }

  private static func fields(_ summary: CocoSummary) -> [JSONText.Field] {
    summary.values.map { .init(name: $0.name, value: .double($0.value)) }
  }
}

/// Rows as aligned text: the first column to the left, the others to the right.
func table(_ rows: [[String]]) -> String {
  let columns = rows.map(\.count).max() ?? 0
  let widths = (0..<columns).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      return column == 0 ? cell + padding : padding + cell
    }
    return cells.joined(separator: "  ") + "\n"
  }.joined()
}
