import Foundation

extension TablePlan {
  /// The table in aligned columns.
  func text(_ rows: [TableRow]) -> String {
    let lines = cells(rows)
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let padded = zip(line, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }
      return padded.joined(separator: "  ").trimmingCharacters(in: .init(charactersIn: " ")) + "\n"
    }.joined()
  }

  /// The table in Markdown, with how it came about.
  func markdown(_ rows: [TableRow]) -> String {
    let lines = cells(rows).map { "| " + $0.joined(separator: " | ") + " |\n" }
    let rule = "|" + columns.reduce("---|---:|") { line, _ in line + "---:|" } + "\n"
    let seeds = (table.seeds ?? [recipe.seed]).map(String.init).joined(separator: ", ")
    let shares = recipe.tasks.map { "\($0.task) \(recipe.steps(of: $0.task))" }
    return """
      # Single-task and joint models

      \(lines[0])\(rule)\(lines.dropFirst().joined())
      Measured after the last step. Seeds: \(seeds)\
      \(table.seeds?.count ?? 1 > 1 ? "; mean ± standard deviation" : ""). A joint model takes \
      \(recipe.steps) steps, a model of one task its task's share of them: \
      \(shares.joined(separator: ", ")). Parameters are those of all models of a row.

      """
  }

  /// Heading and rows.
  private func cells(_ rows: [TableRow]) -> [[String]] {
    [["model", "parameters"] + columns.map { "\($0.task) \($0.metric)" }]
      + rows.map { row in
        [row.title, grouped(row.parameters)] + row.cells.map(shown)
      }
  }

  private func shown(_ cell: TableRow.Cell) -> String {
    guard let mean = cell.mean else { return "-" }
    let text = String(format: "%.4f", mean)
    return cell.spread.map { text + String(format: " ± %.4f", $0) } ?? text
  }
}

/// A number with commas between thousands.
func grouped(_ number: Int) -> String {
  var digits = String(number)
  var place = digits.count - 3
  while place > 0 {
    digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
    place -= 3
  }
  return digits
}
