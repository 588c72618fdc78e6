import Foundation
import Scenes

/// The sample that is committed beside the generator.
enum SceneSample {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("datasets/Scenes/Sample").path

  /// The sample's recipe.
  static func recipe() throws -> SceneRecipe {
    try SceneRecipe(contentsOf: folder + "/recipe.yaml")
  }

  /// The sample's recipe with a piece of its text replaced.
  static func recipe(_ old: String, _ new: String) throws -> SceneRecipe {
    let text = try String(contentsOfFile: folder + "/recipe.yaml", encoding: .utf8)
    return try SceneRecipe(
      parsing: text.replacing(old, with: new), file: "recipe.yaml", folder: folder)
  }

  /// Scenes of the sample.
  static func generator(
    _ split: SceneSplit = .train, seed: UInt64 = 1, size: Int = 64
  ) throws -> SceneGenerator {
    var recipe = try recipe()
    recipe.layout.size = size
    return try SceneGenerator(recipe, split: split, seed: seed)
  }
}
