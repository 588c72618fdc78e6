import ArgumentParser
import Heads

/// Assigns rows to columns at the least total cost.
struct DebugAssign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assign",
    abstract: "Read a cost matrix as JSON on standard input and print the optimal assignment.",
    discussion: """
      Example:
        echo '[[4, 1, 3], [2, 0, 5]]' | unit debug assign
        {"rows":[0,1],"columns":[1,0],"cost":3.0}
      """)

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    common.notes.detail("reading a cost matrix from standard input")
    let matrix = try CostMatrix(json: StandardInput.readAll())
    let pairs = assign(
      costs: matrix.costs.map { Float($0) }, rows: matrix.rows, columns: matrix.columns
    ).sorted { $0.row < $1.row }
    let cost = pairs.reduce(0) { $0 + matrix.costs[$1.row * matrix.columns + $1.column] }
    let result: JSONText = [
      "rows": .array(pairs.map { .integer($0.row) }),
      "columns": .array(pairs.map { .integer($0.column) }),
      "cost": .double(cost),
    ]
    try StandardOutput.write(result.text + "\n")
  }
}
