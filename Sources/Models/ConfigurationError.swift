import Wording

/// A configuration that cannot be understood or does not describe a model.
public enum ConfigurationError: Error, CustomStringConvertible, Equatable {
  /// The file cannot be read.
  case missing(file: String)
  /// The file is not JSON, or an entry has the wrong type or is missing.
  case malformed(file: String, reason: String)
  /// The file has an entry that does not exist.
  case unknownKey(file: String, key: String, similar: String?)
  /// An entry has a value that no model can have.
  case invalid(file: String, key: String, expected: String, found: String)
  /// There is no such task.
  case unknownTask(name: String, known: [String])

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let file):
      return "\(file): the model's configuration cannot be read; check the path."
    case .malformed(let file, let reason): return "\(file): \(reason)"
    case .unknownKey(let file, let key, let similar):
      let hint = similar.map { "did you mean '\($0)'?" } ?? "remove it."
      return "\(file): there is no entry '\(key)'; \(hint)"
    case .invalid(let file, let key, let expected, let found):
      return "\(file): '\(key)' should be \(expected), found \(found)."
    case .unknownTask(let name, let known):
      let hint = closestName(to: name, among: known).map { " Did you mean '\($0)'?" } ?? ""
      return "the model has no task '\(name)'.\(hint) "
        + "Its tasks: \(known.joined(separator: ", "))."
    }
  }
}
