import Wording

/// A `preprocessor_config.json` that cannot be understood or followed.
public enum PreprocessorFileError: Error, CustomStringConvertible, Equatable {
  /// The file is not a JSON object.
  case malformed(file: String)
  /// The processor is none that this program has.
  case unknownProcessor(file: String, key: String, name: String)
  /// There is an entry that the processor does not have.
  case unknownKey(file: String, key: String, known: [String])
  /// An entry has a value that cannot be followed, or that contradicts another.
  case invalid(file: String, key: String, expected: String, found: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .malformed(let file):
      return "\(file): expected a JSON object with the preprocessing; check its syntax."
    case .unknownProcessor(let file, let key, let name):
      let names = HuggingFaceProcessor.allCases.map { $0.rawValue + "ImageProcessor" }
      let near = closestName(to: name, among: names).map { " Did you mean '\($0)'?" } ?? ""
      return "\(file): '\(key)' should be one of \(names.joined(separator: ", ")), "
        + "found '\(name.prefix(100))'.\(near)"
    case .unknownKey(let file, let key, let known):
      let near = closestName(to: key, among: known)
      let advice = near.map { "did you mean '\($0)'?" } ?? "remove it if it changes no pixels."
      return "\(file): the processor has no entry '\(key.prefix(100))'; \(advice)"
    case .invalid(let file, let key, let expected, let found):
      return "\(file): '\(key)' should be \(expected), found \(found)."
    }
  }
}
