import Annotations
import Checkpoints
import Foundation

/// Writes marked pictures in another format.
///
/// Boxes, classes, ids, crowds, areas and what Pascal VOC tells of an object all survive the way
/// there and back: what the new format has no place for stands in `details.json` beside it.
public struct DatasetConversion {
  /// The formats that are written.
  public enum Target: String, CaseIterable, Sendable {
    /// `annotations/instances_<part>.json`, pictures in `<part>`.
    case coco
    /// `Annotations`, `JPEGImages`, `ImageSets/Main/<part>.txt`, `classes.txt`.
    case voc
    /// `data.yaml`, `images/<part>`, `labels/<part>`.
    case yolo
  }

  /// What becomes of the pictures' files.
  public enum Pictures: String, CaseIterable, Sendable {
    /// They are copied.
    case copy
    /// Symbolic links lead to them.
    case link
    /// Nothing; they need not even be there.
    case none
  }

  private let target: Target
  private let folder: String
  private let pictures: Pictures
  private var taken: Set<String> = []

  /// A conversion into a folder.
  ///
  /// - Throws: `CheckpointError.cannotWrite` if there is something in it already.
  public init(to target: Target, folder: String, pictures: Pictures = .copy) throws {
    self.target = target
    self.folder = folder
    self.pictures = pictures
    let content = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard content.isEmpty, !isFile(folder) else {
      throw CheckpointError.cannotWrite(
        file: folder, reason: "it is there already and not an empty folder; name another one")
    }
  }

  /// Writes all parts of a dataset, the file that describes them last.
  ///
  /// - Throws: `DatasetError` where the content has a problem, `CheckpointError.cannotWrite`.
  public mutating func write(_ parts: [(split: String, data: MarkedPictures)]) throws {
    let parts = try parts.map { split, data in
      var data = data
      if pictures == .none { data.problems.removeAll { $0.kind == .missingPicture } }
      return (split: split, data: try data.sound().inPixels())
    }
    let categories = try Self.categories(of: parts)
    var details = DatasetDetails(
      categories: categories.map {
        DatasetDetails.Category(id: $0.id, name: $0.name, supercategory: $0.group)
      })
    for (split, data) in parts {
      let places = data.pictures.map { place(of: $0, split: split) }
      let ids = data.objectIDs
      for (picture, (place, ids)) in zip(data.pictures, zip(places, ids)) {
        if let source = picture.path { try put(source, at: place) }
        if target == .coco { continue }
        details.pictures.append(
          DatasetDetails.Picture(
            stem: stem(place), id: picture.id, name: picture.name, width: picture.width!,
            height: picture.height!,
            objects: zip(picture.objects, ids).map {
              DatasetDetails.Object($0, className: data.categories[$0.category].name, id: $1)
            }))
        let plain = picture.objects.filter { !$0.isCrowd }
        switch target {
        case .coco: break
        case .voc:
          let xml = VOC.xml(picture, plain, data.categories, fileName: lastPart(place))
          try write(xml, to: "Annotations/\(stem(place)).xml")
        case .yolo:
          let positions = data.categories.map { category in
            categories.firstIndex { $0.name == category.name }!
          }
          try write(
            YOLO.labels(picture, plain, positions), to: "labels/\(split)/\(stem(place)).txt")
        }
      }
      switch target {
      case .coco:
        let names = places.map { String($0.dropFirst(split.count + 1)) }
        try write(
          CocoFile(data, fileNames: names, objectIDs: ids, categories: categories).json,
          to: "annotations/instances_\(split).json")
      case .voc:
        try write(
          places.map { stem($0) + "\n" }.joined(), to: "ImageSets/Main/\(split).txt")
      case .yolo: break
      }
    }
    if target == .coco { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try write(encoder.encode(details), to: DatasetDetails.fileName)
    if target == .voc {
      try write(categories.map { $0.name + "\n" }.joined(), to: "classes.txt")
    } else {
      try write(YOLO.description(parts.map(\.split), categories), to: "data.yaml")
    }
  }

  /// The categories of all parts; VOC and YOLO know them by their names alone.
  private static func categories(
    of parts: [(split: String, data: MarkedPictures)]
  ) throws -> [MarkedPictures.Category] {
    var categories: [MarkedPictures.Category] = []
    for (_, data) in parts {
      let names = Set(data.categories.map(\.name))
      guard names.count == data.categories.count else {
        let twice = data.categories.first { category in
          data.categories.count { $0.name == category.name } > 1
        }
        throw DatasetError.malformed(
          file: data.pictures.first?.annotations ?? data.format, entry: "",
          reason: "two categories are called '\(twice?.name ?? "")'; give them names of their own")
      }
      for category in data.categories
      where !categories.contains(where: { $0.name == category.name }) {
        var category = category
        if categories.contains(where: { $0.id == category.id }) {
          category.id = (categories.map(\.id).max() ?? 0) + 1
        }
        categories.append(category)
      }
    }
    return categories
  }

  /// Where a picture goes, inside of the folder.
  private mutating func place(
    of picture: MarkedPictures.Picture, split: String
  ) -> String {
    let file = lastPart(picture.path ?? picture.name)
    var own = stem(file)
    var prefix = ""
    if target == .coco {
      prefix = split + "/"
      let name = picture.name
      let isInside = !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
      let hasEnding = pictureEndings.contains((name as NSString).pathExtension.lowercased())
      if isInside, hasEnding, taken.insert(prefix + name).inserted { return prefix + name }
    }
    // Labels are found by the name without its ending, which must therefore be unlike all others.
    var number = 1
    while !taken.insert(prefix + own).inserted {
      number += 1
      own = stem(file) + "-\(number)"
    }
    let name = own + "." + (file as NSString).pathExtension
    switch target {
    case .coco: return prefix + name
    case .voc: return "JPEGImages/" + name
    case .yolo: return "images/\(split)/" + name
    }
  }

  private func put(_ source: String, at place: String) throws {
    if pictures == .none { return }
    let target = path(folder, place)
    do {
      try makeFolder(of: place)
      if pictures == .copy {
        try FileManager.default.copyItem(
          at: URL(fileURLWithPath: source).resolvingSymlinksInPath(),
          to: URL(fileURLWithPath: target))
      } else {
        try FileManager.default.createSymbolicLink(
          atPath: target, withDestinationPath: URL(fileURLWithPath: source).path)
      }
    } catch let error as CocoaError {
      throw CheckpointError.cannotWrite(file: target, reason: error.localizedDescription)
    }
  }

  private func makeFolder(of place: String) throws {
    let above = (path(folder, place) as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: true)
    } catch {
      throw CheckpointError.cannotWrite(file: above, reason: "the folder cannot be made")
    }
  }

  private func write(_ content: some ContiguousBytes, to place: String) throws {
    try makeFolder(of: place)
    try writeAtomically(content, to: path(folder, place))
  }

  private func write(_ text: String, to place: String) throws {
    try write(Array(text.utf8), to: place)
  }

  private func lastPart(_ path: String) -> String { (path as NSString).lastPathComponent }
}

extension MarkedPictures {
  /// An id for every object of every picture: its own if all are different, else its place from 1.
  fileprivate var objectIDs: [[Int]] {
    let own = pictures.map { $0.objects.map(\.number) }
    let count = own.reduce(0) { $0 + $1.count }
    if Set(own.joined()).count == count { return own }
    var next = 0
    return own.map { numbers in
      numbers.map { _ in
        next += 1
        return next
      }
    }
  }
}
