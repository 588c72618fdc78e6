/// What is wrong with the pictures that a scene recipe names, or with the folder for the scenes.
public enum SceneError: Error, Equatable, CustomStringConvertible {
  /// A picture is not there; `tried` are the places.
  case missing(recipe: String, entry: String, tried: [String])
  /// A picture is there, and cannot be used so.
  case unfit(file: String, expected: String, found: String)
  /// The folder holds something else already.
  case occupied(folder: String, found: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let recipe, let entry, let tried):
      return "\(recipe): '\(entry)' is not there; tried \(tried.joined(separator: ", "))\n"
        + "install the package that the recipe names, or correct the entry or its source"
    case .unfit(let file, let expected, let found):
      return "\(file): expected \(expected), found \(found)"
    case .occupied(let folder, let found):
      return "\(folder): the folder holds \(found)\nname another folder with --output"
    }
  }
}
