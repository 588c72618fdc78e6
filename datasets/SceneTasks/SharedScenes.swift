import Foundation
import Scenes
import Synchronization
import Wording

/// The generators of scenes that are in use, so that several tasks read the pictures once.
enum SharedScenes {
  /// A generator with what it was made of.
  private final class Entry: Sendable {
    let text: String
    let generator: SceneGenerator

    init(_ text: String, _ generator: SceneGenerator) {
      (self.text, self.generator) = (text, generator)
    }
  }

  /// The last ones by recipe, part and seed. They are kept: a training needs them to its end.
  private static let entries = Mutex<[String: Entry]>([:])

  /// The recipe's file: the path itself, or a recipe that comes with the program.
  ///
  /// - Throws: `DatasetError.missing`.
  static func file(_ source: DatasetSource) throws -> String {
    if isFile(source.place) { return source.place }
    // A training's recipe puts its own folder before a name that is no path.
    let name = (source.place as NSString).lastPathComponent
    guard let file = SceneRecipes.file(name) else {
      throw DatasetError.missing(
        what: "the recipe of scenes '\(name)'", tried: [source.place] + SceneRecipes.places(name))
    }
    return file
  }

  /// A generator for a part of a recipe; the cut-outs are those of the other part where this is
  /// open as well.
  ///
  /// - Throws: `SceneError`, `ImageError`.
  static func generator(
    _ recipe: SceneRecipe, _ split: SceneSplit, seed: UInt64
  ) throws -> SceneGenerator {
    let text = try String(contentsOfFile: recipe.file, encoding: .utf8)
    func key(_ split: SceneSplit) -> String { "\(recipe.file)\n\(split.rawValue)\n\(seed)" }
    // Who comes second waits, and then has the first one's.
    return try entries.withLock { entries in
      if let found = entries[key(split)], found.text == text { return found.generator }
      let open = entries
      let other = SceneSplit.allCases.compactMap { open[key($0)] }.first { $0.text == text }
      let generator =
        try other.map { try $0.generator.part(split, seed: seed) }
        ?? SceneGenerator(recipe, split: split, seed: seed)
      entries[key(split)] = Entry(text, generator)
      return generator
    }
  }
}
