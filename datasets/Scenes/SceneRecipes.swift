import Foundation

/// Finds the scene recipes that come with the program.
public enum SceneRecipes {
  /// The file of a recipe; nil where none of this name comes with the program.
  public static func file(_ name: String) -> String? {
    places(name).first { FileManager.default.fileExists(atPath: $0) }
  }

  /// Where a recipe is looked for: the resources beside the executable, and the place of an
  /// installed program; nowhere if the name is a path.
  public static func places(_ name: String) -> [String] {
    guard !name.contains("/"), !name.hasSuffix(".yaml") else { return [] }
    let executable =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    let folder = (executable as NSString).deletingLastPathComponent
    return [
      "\(folder)/UniT_Scenes.resources/Recipes/\(name).yaml",
      "\(folder)/../share/unit/scenes/\(name).yaml",
    ]
  }
}
