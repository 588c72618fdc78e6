/// What is wrong with a recipe, in words its author can act on.
public struct RecipeError: Error, Equatable, CustomStringConvertible {
  /// The recipe's file.
  public let file: String
  /// Where in it: `line 12` or `--set steps=many`; empty for the file as a whole.
  public let place: String
  /// What was expected, what was found.
  public let reason: String
  /// Whether the file is not there or cannot be opened, rather than wrong.
  public let isMissingFile: Bool

  package init(file: String, place: String = "", reason: String, isMissingFile: Bool = false) {
    self.file = file
    self.place = place
    self.reason = reason
    self.isMissingFile = isMissingFile
  }

  /// File, place and reason in one line.
  public var description: String {
    place.isEmpty ? "\(file): \(reason)" : "\(file), \(place): \(reason)"
  }
}
