import Foundation
import Recipes

/// Which pictures scenes are made of: classes with their cut-outs, backgrounds, distractors.
public struct SceneRecipe: Sendable {
  /// What scenes look like.
  public struct Layout: Sendable, Hashable, Codable {
    /// The longer side of a scene in pixels.
    public var size = 256
    /// The ratio of width to height is drawn between this and its inverse, its logarithm spread
    /// evenly; 1 for squares.
    public var aspect = 1.0
    /// How likely a scene has only one or two objects, which are very large and may reach beyond
    /// its border.
    public var closeUps = 0.0
    /// The smallest part of a photograph that is made a background, as a share of the sides of the
    /// largest part that has the scene's shape.
    public var crop = 0.45
    /// How likely the hue of a background is turned, by any angle.
    public var recoloured = 0.0
    /// How likely a background is computed instead of a photograph.
    public var textures = 0.0
    /// The most labelled objects of a scene.
    public var objects = 6
    /// The most questions about a scene.
    public var questions = 6
    /// The most statements about a scene.
    public var hypotheses = 6
    /// How likely a scene has cut-outs without a label.
    public var distractors = 0.35
    /// How likely a scene has patches of other backgrounds.
    public var patches = 0.4
  }

  /// A kind of object.
  public struct Class: Sendable {
    /// Its name, singular.
    public let name: String
    /// Its name after "how many".
    public let plural: String
    /// What kind of thing it is, for questions such as "what animal is this?"; nil for none.
    public let group: String?
    /// Whether things of this class come in any colour, so that they may be painted.
    public let isPainted: Bool
    /// Pictures or folders of pictures, as `source:path` or a path.
    public let files: [String]
    /// Further ones: together they are used as often as those of `files` are.
    public fileprivate(set) var furtherFiles: [String] = []
  }

  /// The recipe's file.
  public let file: String
  /// Folders and zip archives by name.
  public let sources: [String: String]
  /// The kinds of objects, in the order of their numbers.
  public private(set) var classes: [Class]
  /// Cut-outs that get no label.
  public let distractors: [String]
  /// Photographs behind the objects, by part: pictures or folders of pictures.
  public private(set) var backgrounds: [SceneSplit: [String]]
  /// What scenes look like.
  public var layout: Layout
  /// Scenes of an epoch where they are made while a model is trained, by part.
  public let count: [SceneSplit: Int]
  /// Where relative paths begin.
  let folder: String

  /// Reads a recipe.
  ///
  /// - Throws: `RecipeError` with the line of the mistake.
  public init(contentsOf path: String) throws {
    let recipe = try RecipeFile(contentsOf: path)
    try self.init(parsing: recipe.text, file: path, folder: recipe.folder)
  }

  /// Reads a recipe from text.
  ///
  /// - Parameters:
  ///   - text: the recipe in YAML.
  ///   - file: its name in errors.
  ///   - folder: where relative paths begin.
  public init(parsing text: String, file: String, folder: String) throws {
    let tree = try RecipeTree(parsing: text, file: file)
    let fields = try RecipeFields(
      tree, path: "", file: file,
      known: ["sources", "classes", "distractors", "backgrounds", "scene", "count"])
    (self.file, self.folder) = (file, folder)
    sources = try SceneRecipe.sources(fields, folder: folder)
    classes = try fields.required(
      "classes", try fields.list("classes", known: Class.keys)?.map { try Class($0) })
    distractors = try fields.strings("distractors") ?? []
    let parts = try fields.required(
      "backgrounds", try fields.fields("backgrounds", known: SceneSplit.allCases.map(\.rawValue)))
    backgrounds = try SceneSplit.allCases.reduce(into: [:]) { result, split in
      let files = try parts.required(split.rawValue, try parts.strings(split.rawValue))
      guard !files.isEmpty else {
        throw parts.failure(split.rawValue, "is empty: name at least one photograph")
      }
      result[split] = files
    }
    layout = try Layout(try fields.fields("scene", known: Layout.keys))
    let counts = try fields.fields("count", known: SceneSplit.allCases.map(\.rawValue))
    count = [
      .train: try counts?.integer("train", in: 1...10_000_000) ?? 10_000,
      .validation: try counts?.integer("validation", in: 1...10_000_000) ?? 1000,
    ]
    guard classes.count >= 2 else {
      throw fields.failure("classes", "names \(classes.count) classes; questions need two or more")
    }
    guard classes.count <= 250 else {
      throw fields.failure("classes", "names \(classes.count) classes; the most are 250")
    }
    let names = classes.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw fields.failure("classes", "names the class '\(twice)' twice")
    }
    let both = Set(backgrounds[.train] ?? []).intersection(backgrounds[.validation] ?? [])
    if let shared = both.min() {
      throw parts.failure("validation", "has '\(shared)', which is among those for training, too")
    }
  }

  /// Puts the pictures of a folder behind the objects of a part, beside the recipe's own.
  ///
  /// - Parameter folder: its absolute path.
  public mutating func addBackgrounds(in folder: String, to split: SceneSplit) {
    backgrounds[split, default: []].append(folder)
  }

  /// Takes further cut-outs from the folders in a folder that have names of classes.
  ///
  /// - Parameter folder: its absolute path.
  /// - Throws: `SceneError.missing` where there is no such folder, or one of another name in it.
  public mutating func addCutOuts(in folder: String) throws {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
      var isDirectory: ObjCBool = false
      return !name.hasPrefix(".")
        && FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isDirectory)
        && isDirectory.boolValue
    }
    guard let names, !names.isEmpty else {
      let tried = ["\(folder)/CLASS", "with \(classes[0].name) or another class for CLASS"]
      throw SceneError.missing(recipe: file, entry: "further cut-outs", tried: tried)
    }
    for name in names.sorted() {
      guard let index = classes.firstIndex(where: { $0.name == name }) else {
        let known = classes.map(\.name).joined(separator: ", ")
        throw SceneError.missing(
          recipe: file, entry: "\(folder)/\(name)", tried: ["the classes, which are \(known)"])
      }
      classes[index].furtherFiles.append("\(folder)/\(name)")
    }
  }

  private static func sources(
    _ fields: RecipeFields, folder: String
  ) throws -> [String: String] {
    let known = ["name", "path"]
    return try (fields.list("sources", known: known) ?? []).reduce(into: [:]) { result, source in
      let name = try source.required("name", try source.string("name"))
      let path = try source.required("path", try source.string("path"))
      guard !name.contains(":"), !name.contains("/") else {
        throw source.failure("name", "is '\(name)', and cannot have a colon or a slash")
      }
      guard result.updateValue(RecipeFile.resolve(path, in: folder), forKey: name) == nil else {
        throw source.failure("name", "is '\(name)', as another source is called already")
      }
    }
  }
}

extension SceneRecipe.Class {
  fileprivate static let keys = ["name", "plural", "group", "painted", "files"]

  fileprivate init(_ fields: RecipeFields) throws {
    name = try fields.required("name", try fields.string("name"))
    guard !name.isEmpty else { throw fields.failure("name", "is empty") }
    plural = try fields.string("plural") ?? SceneWords.plural(of: name)
    group = try fields.string("group")
    isPainted = try fields.boolean("painted") ?? false
    files = try fields.required("files", try fields.strings("files"))
    guard !files.isEmpty else {
      throw fields.failure("files", "is empty: name at least one picture of a \(name)")
    }
  }
}

extension SceneRecipe.Layout {
  fileprivate static let keys = [
    "size", "aspect", "close_ups", "objects", "questions", "hypotheses", "distractors", "patches",
    "crop", "recoloured", "textures",
  ]

  fileprivate init(_ fields: RecipeFields?) throws {
    size = try fields?.integer("size", in: 32...1024) ?? size
    aspect = try fields?.number("aspect", in: 0.2...1) ?? aspect
    closeUps = try fields?.number("close_ups", in: 0...1) ?? closeUps
    objects = try fields?.integer("objects", in: 1...30) ?? objects
    questions = try fields?.integer("questions", in: 0...30) ?? questions
    hypotheses = try fields?.integer("hypotheses", in: 0...12) ?? hypotheses
    distractors = try fields?.number("distractors", in: 0...1) ?? distractors
    patches = try fields?.number("patches", in: 0...1) ?? patches
    crop = try fields?.number("crop", in: 0.1...1) ?? crop
    recoloured = try fields?.number("recoloured", in: 0...1) ?? recoloured
    textures = try fields?.number("textures", in: 0...1) ?? textures
  }
}

/// Part of the scenes: the backgrounds of one are never seen in the other.
public enum SceneSplit: String, Sendable, CaseIterable, Codable {
  case train, validation
}
