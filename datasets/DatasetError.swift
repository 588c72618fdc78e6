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
  /// The dataset has a class, an attribute or an answer that is not among the task's.
  case unknownLabel(file: String, task: String, label: String, similar: String?)
  /// None of these files or folders exists; `what` says what was looked for.
  case missing(what: String, tried: [String])
  /// A file is there but not as expected.
  case malformed(file: String, entry: String, reason: String)

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
    case .unknownLabel(let file, let task, let label, let similar):
      let hint = similar.map { "; did you mean '\($0)'?" } ?? ""
      return "\(file): '\(label)' is not a label of the task '\(task)'\(hint)\n"
        + "list every label of the data in the task's configuration"
    case .missing(let what, let tried):
      return "\(what) was not found; tried \(tried.joined(separator: ", "))\n"
        + "paths are relative to the dataset's own file; see the dataset's layout in the README"
    case .malformed(let file, let entry, let reason):
      return "\(file)\(entry.isEmpty ? "" : ", \(entry)"): \(reason)"
    }
  }
}
