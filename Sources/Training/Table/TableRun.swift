import Models

/// One training of a table: a model, its tasks, and where it begins.
public struct TableRun: Sendable {
  /// Folder below the table's, such as `seed-1/single/detection`.
  public let name: String
  /// The row that it belongs to.
  public let row: Recipe.Table.Row
  /// Seed of everything random in it.
  public let seed: UInt64
  /// Whether its model has task tokens.
  public let hasTaskTokens: Bool
  /// What is trained, but for `recipe.model`, which is written when the run begins.
  public let recipe: Recipe
  /// The model.
  public let configuration: UniTConfiguration
  /// Numbers of the model, and those among them that learn.
  public let parameters: (all: Int, trained: Int)

  /// The tasks' names.
  public var tasks: [String] { recipe.tasks.map(\.task) }

  /// The run's place.
  static func name(
    seed: UInt64, hasTaskTokens: Bool, row: Recipe.Table.Row, task: String? = nil
  ) -> String {
    let parts = ["seed-\(seed)", hasTaskTokens ? nil : "without-task-tokens", row.rawValue, task]
    return parts.compactMap { $0 }.joined(separator: "/")
  }
}
