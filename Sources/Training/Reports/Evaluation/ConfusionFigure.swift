import Inputs
import Metrics

/// A confusion matrix as a drawing: rows are the truth, columns the answers.
enum ConfusionFigure {
  /// Classes that are shown at most, the most frequent ones.
  static let most = 20
  private static let cell = 34.0
  private static let ink = Colour(0x1F_2328)
  private static let full = Colour(0x1F_5FB4)

  /// The drawing, and how many classes are left out.
  static func figure(_ matrix: ConfusionMatrix, names: [String]) -> (figure: Figure, left: Int) {
    let all = 0..<matrix.classes
    let counts = all.map { row in
      all.reduce(0) {
        $0 + matrix[truth: row, prediction: $1] + matrix[truth: $1, prediction: row]
      }
    }
    let present = all.filter { counts[$0] > 0 }
    let shown = Set(
      present.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(most)
    ).sorted()
    let labels = shown.map { String(names[$0].prefix(24)) }
    let side = labels.map { Figure.width(of: $0, size: 1) }.max() ?? 0
    let (left, top) = (side + 16, 14 * 3.0)
    let extent = cell * Double(shown.count)
    var figure = Figure(width: left + extent + 14, height: top + extent + 14 * 2)
    figure.marks.append(
      .text("rows: truth, columns: answers, in this order", at: .init(4, 14), size: 1, .start, ink))
    for (place, column) in shown.indices.enumerated() {
      let x = left + cell * (Double(place) + 0.5)
      let short = String(labels[column].prefix(5))
      figure.marks.append(.text(short, at: .init(x, top - 6), size: 1, .middle, ink))
    }
    for (row, truth) in shown.enumerated() {
      let y = top + cell * Double(row)
      figure.marks.append(
        .text(labels[row], at: .init(left - 8, y + cell / 2 + 3.5), size: 1, .end, ink))
      let total = all.reduce(0) { $0 + matrix[truth: truth, prediction: $1] }
      for (column, prediction) in shown.enumerated() {
        let count = matrix[truth: truth, prediction: prediction]
        let share = total == 0 ? 0 : Double(count) / Double(total)
        let colour = full.tint(0.04 + 0.96 * share)
        let x = left + cell * Double(column)
        figure.marks.append(
          .area(x: x + 0.5, y: y + 0.5, width: cell - 1, height: cell - 1, colour))
        guard count > 0 else { continue }
        figure.marks.append(
          .text(
            AxisTicks.short(Double(count)), at: .init(x + cell / 2, y + cell / 2 + 3.5), size: 1,
            .middle, colour.readableText))
      }
    }
    return (figure, present.count - shown.count)
  }
}
