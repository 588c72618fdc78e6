import Foundation
import Inputs
import Tensors

/// The decoded pictures of a recipe, and what may be said about them.
struct SceneMaterial: Sendable {
  /// The cut-outs of a class.
  struct Kind: Sendable {
    let name: String
    let plural: String
    let group: String?
    let isPainted: Bool
    let cutOuts: [CutOut]
    /// The cut-outs of every colour that the files have.
    let byColour: [(colour: SceneColour, cutOuts: [Int])]
    /// How likely an object is made for each colour and then has it; rare colours are left out.
    let chances: [SceneColour: Float]
  }

  let kinds: [Kind]
  let distractors: [CutOut]
  let backgrounds: [Image]

  /// Decodes everything, on several threads.
  init(_ recipe: SceneRecipe, split: SceneSplit) throws {
    let files = try SceneFiles(recipe)
    let size = recipe.layout.size
    let classes = recipe.classes
    let lists = try (classes.map(\.files) + classes.map(\.furtherFiles) + [recipe.distractors]).map
    {
      try files.entries($0)
    }
    let entries = lists.flatMap { $0 }
    // The part of a close-up's object that lies outside is as sharp as what is inside.
    let side = recipe.layout.closeUps > 0 ? 2 * size : size + size / 4
    let cutOuts = try inParallel(entries.count) { index in
      try CutOut(try entries[index].image(), name: entries[index].name, side: side)
    }
    var rest = cutOuts[...]
    let parts = lists.map { list in
      defer { rest = rest.dropFirst(list.count) }
      return Array(rest.prefix(list.count))
    }
    kinds = classes.indices.map { index in
      Kind(classes[index], cutOuts: parts[index], further: parts[classes.count + index])
    }
    distractors = parts.last ?? []
    backgrounds = try Self.backgrounds(files, recipe, split: split)
  }

  /// The same cut-outs with the backgrounds of another part.
  init(_ other: SceneMaterial, _ recipe: SceneRecipe, split: SceneSplit) throws {
    (kinds, distractors) = (other.kinds, other.distractors)
    backgrounds = try Self.backgrounds(SceneFiles(recipe), recipe, split: split)
  }

  private static func backgrounds(
    _ files: SceneFiles, _ recipe: SceneRecipe, split: SceneSplit
  ) throws -> [Image] {
    let photographs = try files.entries(recipe.backgrounds[split] ?? [])
    return try inParallel(photographs.count) { index in
      try SceneMaterial.background(
        photographs[index], side: Int(0.9 / recipe.layout.crop * Double(recipe.layout.size)))
    }
  }

  /// A photograph whose shorter side is `side`, or as long as it is if that is less: enough for
  /// the smallest part to have nearly a pixel for each of the scene.
  private static func background(_ entry: SceneFiles.Entry, side: Int) throws -> Image {
    @Sendable func wanted(_ full: ImageSize) -> ImageSize {
      let scale = min(1, Double(side) / Double(min(full.width, full.height)))
      return ImageSize(
        width: max(1, Int(Double(full.width) * scale)),
        height: max(1, Int(Double(full.height) * scale)))
    }
    let image = try entry.image(.resized(to: { wanted($0) }))
    let size = wanted(image.originalSize)
    return image.resized(width: size.width, height: size.height)
  }
}

extension SceneMaterial.Kind {
  /// Cut-outs of which some are used more often, so that `further` ones, where they are many,
  /// are half of what is seen.
  fileprivate init(_ description: SceneRecipe.Class, cutOuts own: [CutOut], further: [CutOut]) {
    name = description.name
    plural = description.plural
    group = description.group
    isPainted = description.isPainted
    let times = max(1, further.count / own.count)
    let cutOuts = Array(repeatElement(own, count: times).joined()) + further
    self.cutOuts = cutOuts
    byColour = SceneColour.allCases.compactMap { colour in
      let members = cutOuts.indices.filter { cutOuts[$0].colour == colour }
      return members.isEmpty ? nil : (colour, members)
    }
    chances = SceneColourChances(cutOuts, isPainted: isPainted, byColour: byColour).chances
  }

  /// The colours that its objects may be asked for, sorted by name.
  var colours: [SceneColour] { chances.keys.sorted { $0.rawValue < $1.rawValue } }

  /// How likely any of its objects is asked for its colour.
  var askedShare: Float {
    chances.count > 1 ? Float(chances.count) * (chances.values.min() ?? 0) : 0
  }

  /// How likely an object of the colour is asked about, so that all colours are asked for equally
  /// often; 0 where there is only one colour, which needs no look at the picture.
  func share(asking colour: SceneColour) -> Float {
    guard chances.count > 1, let least = chances.values.min(), let own = chances[colour] else {
      return 0
    }
    return least / own
  }
}

/// The values of all indices, computed on several threads; the error of the first that failed.
func inParallel<Value>(_ count: Int, _ value: (Int) throws -> Value) throws -> [Value] {
  let results = UnsafeMutableBufferPointer<Result<Value, any Error>?>.allocate(capacity: count)
  results.initialize(repeating: nil)
  defer {
    results.deinitialize()
    results.deallocate()
  }
  Parallel.forEach(count) { index in results[index] = Result { try value(index) } }
  return try results.compactMap { try $0?.get() }
}
