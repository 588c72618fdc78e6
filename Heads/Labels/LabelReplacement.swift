import Foundation
import Models

/// Names from a file in the place of those that a model's configuration has for one task.
public struct LabelReplacement: Sendable {
  /// The names.
  public let labels: LabelFile
  /// Name of the task; nil for the only one, or the first that fits the use.
  public let task: String?
  /// What the task is wanted for.
  public let use: TaskUse?

  /// Names for a task.
  public init(_ labels: LabelFile, task: String?, use: TaskUse?) {
    self.labels = labels
    self.task = task
    self.use = use
  }

  /// The text of a `config.json` of either layout with these names.
  ///
  /// A configuration that is not understood is left as it is, for its family to refuse.
  ///
  /// - Throws: `LabelFileError.count` where the task has another number of rows.
  func applied(to configuration: Data) throws -> Data {
    guard
      var entries = (try? JSONSerialization.jsonObject(with: configuration)) as? [String: Any]
    else { return configuration }
    if let tasks = entries["tasks"] as? [[String: Any]] {
      guard let place = try place(in: tasks) else { return configuration }
      var changed = tasks
      let rows = (changed[place]["labels"] as? [Any])?.count
      changed[place]["labels"] = try names(
        rows: rows, task: changed[place]["name"] as? String ?? "")
      entries["tasks"] = changed
    } else if entries["model_type"] != nil {
      let rows = (entries["id2label"] as? [String: Any])?.count ?? entries["num_labels"] as? Int
      let names = try names(rows: rows, task: task)
      entries["id2label"] = Dictionary(
        uniqueKeysWithValues: names.enumerated().map { ("\($0)", $1.isEmpty ? "N/A" : $1) })
    } else {
      return configuration
    }
    return try JSONSerialization.data(withJSONObject: entries)
  }

  private func place(in tasks: [[String: Any]]) throws -> Int? {
    if let task { return tasks.firstIndex { $0["name"] as? String == task } }
    if tasks.count == 1 { return 0 }
    guard let use else { return nil }
    let data = try JSONSerialization.data(withJSONObject: tasks)
    return (try? JSONDecoder().decode([TaskSpec].self, from: data))?.firstIndex(where: use.fits)
  }

  /// As many names as the task has rows; rows that a JSON object leaves out have no meaning.
  private func names(rows: Int?, task: String?) throws -> [String] {
    guard let rows else { return labels.names }
    let found = labels.names.count
    guard found == rows || (found < rows && !labels.isComplete) else {
      throw LabelFileError.count(file: labels.path, task: task, expected: rows, found: found)
    }
    return labels.names + [String](repeating: "", count: rows - found)
  }
}
