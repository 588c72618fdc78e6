import Foundation
import Wording
import Yams

/// Which classes and which pictures a part of a dataset in YOLO's format has.
struct YOLOLayout {
  /// The file that says so.
  let file: String
  /// The names of the classes by their number.
  let classes: [String]
  /// The paths of the pictures, sorted.
  let pictures: [String]

  /// The largest `data.yaml` in bytes.
  private static let largestFile = 4 << 20
  private static let classFiles = ["classes.txt", "obj.names", "labels.txt"]

  /// Finds classes and pictures.
  ///
  /// - Throws: `DatasetError`.
  init(_ source: DatasetSource) throws {
    let place = source.place
    let descriptions = ["data.yaml", "data.yml", "dataset.yaml"].map { path(place, $0) }
    if let file = isFile(place) ? place : descriptions.first(where: isFile) {
      self.file = file
      let description = try YOLODescription(file, limit: Self.largestFile)
      classes = description.classes
      pictures = try description.pictures(of: source.split)
      return
    }
    let names = Self.classFiles.map { path(place, $0) }
    guard let file = names.first(where: isFile) else {
      throw DatasetError.missing(
        what: "YOLO's data.yaml or list of classes", tried: descriptions + names)
    }
    self.file = file
    classes = try textLines(of: file)
    let split = source.split
    let folders =
      ["images/" + split, split + "/images", split].map { path(place, $0) }
      + (split == "all" ? [path(place, "images"), place] : [])
    pictures = try Self.pictures(folders, what: "YOLO's part '\(split)'")
  }

  /// The pictures of the first folder that has any.
  static func pictures(_ folders: [String], what: String) throws -> [String] {
    for folder in folders {
      let found = names(in: folder, endings: pictureEndings)
      if !found.isEmpty { return found.map { path(folder, $0) } }
    }
    throw DatasetError.missing(
      what: what + ", a folder of pictures,", tried: folders)
  }
}

/// The content of `data.yaml`.
private struct YOLODescription {
  let classes: [String]
  private let file: String
  private let parts: [String: [String]]
  private let root: String

  init(_ file: String, limit: Int) throws {
    func failure(_ entry: String, _ reason: String) -> DatasetError {
      .malformed(file: file, entry: entry, reason: reason)
    }
    guard let text = String(validating: try fileBytes(file, limit: limit), as: UTF8.self) else {
      throw failure("", "expected text in UTF-8, found other bytes")
    }
    let node: Node?
    do { node = try Yams.compose(yaml: text) } catch {
      throw failure("", "expected YAML; \(("\(error)").split(separator: "\n").first ?? "")")
    }
    guard let mapping = node?.mapping else { throw failure("", "expected keys and values") }
    self.file = file
    classes = try Self.classes(mapping["names"], failure)
    var parts: [String: [String]] = [:]
    for (key, value) in mapping {
      guard let name = key.string, !["names", "path"].contains(name) else { continue }
      if let list = value.sequence {
        parts[name] = list.compactMap(\.string)
      } else if let one = value.string, !one.isEmpty, value.int == nil {
        parts[name] = [one]
      }
    }
    self.parts = parts
    let folder = parentFolder(of: file)
    root = mapping["path"]?.string.map { $0.hasPrefix("/") ? $0 : path(folder, $0) } ?? folder
  }

  /// Reads `[cat, dog]` or `{0: cat, 1: dog}`.
  private static func classes(
    _ node: Node?, _ failure: (String, String) -> DatasetError
  ) throws -> [String] {
    if let list = node?.sequence { return list.map { $0.scalar?.string ?? "" } }
    guard let mapping = node?.mapping, !mapping.isEmpty else {
      throw failure("names", "expected a list of the classes' names")
    }
    var names: [Int: String] = [:]
    for (key, value) in mapping {
      guard let number = key.int, (0..<1_000_000).contains(number), let name = value.scalar?.string
      else { throw failure("names", "expected names by number, such as 0: cat") }
      names[number] = name
    }
    return (0...(names.keys.max() ?? 0)).map { names[$0] ?? "" }
  }

  func pictures(of split: String) throws -> [String] {
    // Parts are called `val` by some tools and `valid` by others.
    let aliases = [split] + (split == "val" ? ["valid"] : split == "valid" ? ["val"] : [])
    guard let places = aliases.lazy.compactMap({ parts[$0] }).first else {
      throw DatasetError.unknownSplit(dataset: file, split: split, known: parts.keys.sorted())
    }
    let folder = parentFolder(of: file)
    return try places.flatMap { place -> [String] in
      // Exported files often say `../train/images` where the folder lies beside them.
      let plain = place.hasPrefix("../") ? String(place.dropFirst(3)) : place
      let tried =
        place.hasPrefix("/")
        ? [place] : PictureFolders([root, folder]).candidates([place, plain])
      if let list = tried.first(where: isFile) {
        let beside = parentFolder(of: list)
        return try textLines(of: list).map {
          $0.hasPrefix("/") ? $0 : Self.listed($0, [beside, root])
        }
      }
      return try YOLOLayout.pictures(tried, what: "YOLO's part '\(split)' (\(file), \(place))")
    }
  }

  private static func listed(_ name: String, _ folders: [String]) -> String {
    let plain = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    let tried = folders.map { path($0, plain) }
    return tried.first(where: isFile) ?? tried[0]
  }
}
