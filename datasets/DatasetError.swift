/// A dataset that cannot be read.
public enum DatasetError: Error, CustomStringConvertible, Equatable {
  /// The dataset has no such part.
  case unknownSplit(dataset: String, split: String, known: [String])
  /// No reader has this name.
  case unknownKind(kind: String, known: [String], similar: String?)
  /// The dataset has nothing that the task's head could learn.
  case unfit(dataset: String, task: String, head: String)
  /// The task's labels are not the dataset's.
  case labels(dataset: String, task: String, expected: [String], found: [String])

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .unknownSplit(let dataset, let split, let known):
      return "\(dataset) has no part '\(split)'; its parts: \(known.joined(separator: ", "))."
    case .unknownKind(let kind, let known, let similar):
      let hint = similar.map { "did you mean '\($0)'? " } ?? ""
      return "there is no dataset kind '\(kind)'; \(hint)Known: \(known.joined(separator: ", "))."
    case .unfit(let dataset, let task, let head):
      return "\(dataset) has nothing for the task '\(task)' with the head '\(head)'. "
        + "Choose another head in the model's configuration."
    case .labels(let dataset, let task, let expected, let found):
      return "the labels of task '\(task)' should be those of \(dataset), in this order: "
        + "\(expected.joined(separator: ", ")); found \(found.joined(separator: ", "))."
    }
  }
}
