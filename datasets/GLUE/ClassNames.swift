import Models

/// In which row a task has each of a dataset's few classes.
struct ClassNames {
  private let rows: [String: Int]

  /// The classes of a dataset, all of which the task must have, in any order.
  ///
  /// - Throws: `DatasetError.labels`.
  init(_ names: [String], dataset: String, task: TaskSpec) throws {
    guard Set(names) == Set(task.labels), names.count == task.labels.count else {
      throw DatasetError.labels(
        dataset: dataset, task: task.name, expected: names, found: task.labels)
    }
    rows = Dictionary(uniqueKeysWithValues: task.labels.enumerated().map { ($1, $0) })
  }

  /// Classes in rows of their own, without a task.
  init(_ names: [String]) {
    rows = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  subscript(_ name: String) -> Int? { rows[name] }
}
