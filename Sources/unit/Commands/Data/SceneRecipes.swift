import Foundation

/// Finds the scene recipes that come with the program.
enum SceneRecipes {
  /// The file of a recipe; nil where none of this name comes with the program.
  static func file(_ name: String) -> String? {
    guard !name.contains("/"), !name.hasSuffix(".yaml") else { return nil }
    return ProgramFiles.places("UniT_Scenes.resources/Recipes", installed: "scenes")
      .map { "\($0)/\(name).yaml" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }
}
