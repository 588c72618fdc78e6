/// A row of the table: one way to train all tasks.
public struct TableRow: Codable, Equatable, Sendable {
  /// A metric over the seeds.
  public struct Cell: Codable, Equatable, Sendable {
    /// The metric's full name, such as `detection/AP`.
    public var metric: String
    /// Mean over the seeds that are done; nil before the first.
    public var mean: Double?
    /// Standard deviation over the seeds (of the sample); nil for fewer than two.
    public var spread: Double?
    /// Seeds that are done.
    public var seeds: Int

    /// The mean and spread of values.
    init(_ metric: String, _ values: [Double]) {
      self.metric = metric
      seeds = values.count
      guard !values.isEmpty else { return }
      let mean = values.reduce(0, +) / Double(values.count)
      self.mean = mean
      guard values.count > 1 else { return }
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      spread = (squares / Double(values.count - 1)).squareRoot()
    }
  }

  /// The way.
  public var row: Recipe.Table.Row
  /// Whether its models have task tokens.
  public var taskTokens: Bool
  /// Numbers of its models together.
  public var parameters: Int
  /// Those among them that learn.
  public var trainedParameters: Int
  /// The columns.
  public var cells: [Cell]

  /// What people read.
  public var title: String {
    let title =
      switch row {
      case .single: "single-task models"
      case .separate: "separate decoders"
      case .shared: "shared decoder"
      case .detectorFirst: "shared decoder, detector first"
      }
    return taskTokens ? title : title + ", no task tokens"
  }
}

extension TablePlan {
  /// The table of what has been measured.
  func rows(_ results: TableResults) -> [TableRow] {
    let tokens = runs.map(\.hasTaskTokens)
    return [true, false].filter(tokens.contains).flatMap { hasTokens in
      table.rows.map { row in
        let planned = runs.filter { $0.row == row && $0.hasTaskTokens == hasTokens }
        // Every seed has the same models; a detector alone is no row.
        let models = planned.filter { $0.seed == planned.first?.seed }
        let names = Set(planned.map(\.name))
        let done = results.runs.filter { names.contains($0.name) }
        return TableRow(
          row: row, taskTokens: hasTokens,
          parameters: models.reduce(0) { $0 + $1.parameters.all },
          trainedParameters: models.reduce(0) { $0 + $1.parameters.trained },
          cells: columns.map { column in
            TableRow.Cell(column.name, done.compactMap { $0.metrics[column.name] })
          })
      }
    }
  }
}
