import Checkpoints
import Foundation
import Inputs

/// Writes scenes to a folder: `images/`, `instances.json` (COCO), `questions.json` and
/// `annotations.json` (VQAv2), `answers.txt` (all answers, the commonest first) and
/// `snli_ve_<part>.jsonl` (SNLI-VE) where the recipe wants statements, and pairs of texts in
/// `qqp/<part>.tsv` and `qnli/<part>.tsv` (GLUE) where they are wanted.
///
/// While it works, `unfinished/` holds what was done; started again with the same wishes it goes on
/// from there, and the bytes are those of an uninterrupted run. Each file appears whole or not at
/// all.
public struct SceneFolder: Sendable {
  /// How the pictures are stored.
  public enum Pictures: String, Sendable, CaseIterable, Codable {
    /// Lossless.
    case png
    /// Of quality 90.
    case jpeg
  }

  /// What a run shall make; it goes on only where another left off that was to make the same.
  private struct Wish: Codable, Equatable {
    var format = 2
    var count: Int
    var seed: UInt64
    var split: SceneSplit
    var pictures: Pictures
    var texts: Int
    var layout: SceneRecipe.Layout
    var recipe: String
  }

  private let generator: SceneGenerator
  private let path: String
  private let wish: Wish
  private var pictures: Pictures { wish.pictures }
  /// Scenes that are made between two notes of what was done.
  private static let block = 64

  private var notes: String { path + "/unfinished" }

  /// A folder for the first `count` scenes.
  ///
  /// - Parameters:
  ///   - seed: the generator's.
  ///   - texts: the number of pairs of texts of each kind.
  ///   - recipe: a text that is different for recipes that make different scenes.
  public init(
    _ path: String, generator: SceneGenerator, count: Int, seed: UInt64, pictures: Pictures,
    texts: Int = 0, recipe: String
  ) {
    precondition(count > 0, "a folder of \(count) scenes")
    self.path = path
    self.generator = generator
    wish = Wish(
      count: count, seed: seed, split: generator.split, pictures: pictures,
      texts: texts, layout: generator.recipe.layout, recipe: recipe)
  }

  /// Makes all the scenes that are not there yet.
  ///
  /// - Parameter progress: is told how many scenes of how many are done; of those a run before this
  ///   one made at first.
  /// - Throws: `SceneError.occupied`, or `CheckpointError.cannotWrite`.
  public func write(progress: (_ done: Int, _ count: Int) -> Void = { _, _ in }) throws {
    try begin()
    let blocks = (wish.count + Self.block - 1) / Self.block
    let missing = (0..<blocks).filter { !FileManager.default.fileExists(atPath: part($0)) }
    var done = wish.count - missing.reduce(0) { $0 + range($1).count }
    progress(done, wish.count)
    for block in missing {
      try write(block)
      done += range(block).count
      progress(done, wish.count)
    }
    try finish(blocks)
  }

  private func range(_ block: Int) -> Range<Int> {
    block * Self.block..<min(wish.count, (block + 1) * Self.block)
  }

  private func part(_ block: Int) -> String { "\(notes)/\(block).jsonl" }

  private func name(_ index: Int) -> String {
    let digits = String(index)
    let ending = pictures == .png ? ".png" : ".jpg"
    return String(repeating: "0", count: max(0, 12 - digits.count)) + digits + ending
  }

  /// Makes the folders, or finds out that another run made them for the same.
  private func begin() throws {
    let wishFile = notes + "/wish.json"
    if let data = FileManager.default.contents(atPath: wishFile) {
      guard let found = try? JSONDecoder().decode(Wish.self, from: data), found == wish else {
        throw SceneError.occupied(
          folder: path, found: "unfinished scenes of another recipe, seed, number, size or format")
      }
    } else {
      let found = try? FileManager.default.contentsOfDirectory(atPath: path)
      if let first = found?.filter({ $0 != "unfinished" }).min() {
        throw SceneError.occupied(folder: path, found: "'\(first)' already")
      }
      try makeFolder(notes)
      try writeAtomically(Array(SceneFormat.json(wish).utf8), to: wishFile)
    }
    try makeFolder(path + "/images")
    try [path, path + "/images", notes].forEach(removePieces)
  }

  /// Removes what a killed run left of files that it was writing.
  private func removePieces(in folder: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    for name in names where name.hasPrefix(".partial-") {
      try? FileManager.default.removeItem(atPath: folder + "/" + name)
    }
  }

  private func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw CheckpointError.cannotWrite(file: path, reason: "the folder cannot be made")
    }
  }

  private func write(_ block: Int) throws {
    let range = range(block)
    let lines = try inParallel(range.count) { offset in
      let scene = generator.scene(at: range.lowerBound + offset)
      let name = name(scene.index)
      let bytes = pictures == .png ? encodePNG(scene.image) : encodeJPEG(scene.image)
      try writeAtomically(bytes, to: "\(path)/images/\(name)")
      return try SceneFormat.json(SceneRecord(scene, fileName: "images/" + name))
    }
    try writeAtomically(Array(lines.joined(separator: "\n").utf8), to: part(block))
  }

  /// Joins the notes to the files that are wanted; `instances.json` comes last.
  private func finish(_ blocks: Int) throws {
    var answers: [String: Int] = [:]
    try write("annotations.json", "\"annotations\":", blocks) { record in
      for answer in record.answers { answers[answer.multiple_choice_answer, default: 0] += 1 }
      return try record.answers.map(SceneFormat.json)
    }
    try write("questions.json", "\"task_type\":\"Open-Ended\",\"questions\":", blocks) {
      try $0.questions.map(SceneFormat.json)
    }
    let order = answers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    try writeAtomically(
      Array(order.map { $0.key + "\n" }.joined().utf8), to: path + "/answers.txt")
    try writePairs(blocks)
    try writeTexts()
    let names = try SceneFormat.names(of: generator.material.kinds)
    try writeAtomically(to: path + "/instances.json") { write in
      func put(_ text: String) throws { try Array(text.utf8).withUnsafeBytes { try write($0) } }
      try put("{\(names),\"images\":")
      try putList(blocks, put) { [try SceneFormat.json($0.image)] }
      try put(",\"annotations\":")
      try putList(blocks, put) { try $0.annotations.map(SceneFormat.json) }
      try put("}\n")
    }
    try FileManager.default.removeItem(atPath: notes)
  }

  private func write(
    _ name: String, _ beginning: String, _ blocks: Int,
    _ entries: (SceneRecord) throws -> [String]
  ) throws {
    try writeAtomically(to: path + "/" + name) { write in
      func put(_ text: String) throws { try Array(text.utf8).withUnsafeBytes { try write($0) } }
      try put("{" + beginning)
      try putList(blocks, put, entries)
      try put("}\n")
    }
  }

  /// The statements, one a line.
  private func writePairs(_ blocks: Int) throws {
    guard wish.layout.hypotheses > 0 else { return }
    try writeAtomically(to: "\(path)/snli_ve_\(wish.split.rawValue).jsonl") { write in
      try forEachRecord(blocks) { record in
        let lines = try record.pairs.map { try SceneFormat.json($0) + "\n" }
        try Array(lines.joined().utf8).withUnsafeBytes { try write($0) }
      }
    }
  }

  private func writeTexts() throws {
    guard wish.texts > 0 else { return }
    let texts = SceneTexts(generator.recipe, split: wish.split, seed: wish.seed)
    for kind in SceneTexts.Kind.allCases {
      let folder = "\(path)/\(kind.rawValue)"
      try makeFolder(folder)
      try writeAtomically(
        Array(texts.table(kind, count: wish.texts).utf8),
        to: "\(folder)/\(wish.split.rawValue).tsv")
    }
  }

  /// Reads the notes of all scenes, in their order.
  private func forEachRecord(_ blocks: Int, _ body: (SceneRecord) throws -> Void) throws {
    for block in 0..<blocks {
      let data = FileManager.default.contents(atPath: part(block)) ?? Data()
      for line in data.split(separator: UInt8(ascii: "\n")) {
        try body(JSONDecoder().decode(SceneRecord.self, from: Data(line)))
      }
    }
  }

  /// Writes a list of what every scene gives.
  private func putList(
    _ blocks: Int, _ put: (String) throws -> Void, _ entries: (SceneRecord) throws -> [String]
  ) throws {
    var separator = "["
    try forEachRecord(blocks) { record in
      for entry in try entries(record) {
        try put(separator + "\n" + entry)
        separator = ","
      }
    }
    try put(separator == "[" ? "[]" : "\n]")
  }
}
