import Foundation

/// The formats of marked pictures, which can be checked and converted without a model.
public enum MarkedFormat: String, CaseIterable, Sendable {
  /// COCO's JSON.
  case coco
  /// Pascal VOC's XML.
  case voc
  /// YOLO's text files.
  case yolo
  /// Visual Genome's JSON.
  case visualGenome = "visual-genome"

  /// The format that the files at a path suggest, or nil.
  public init?(of path: String) {
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
    if isFile(path) {
      switch (path as NSString).pathExtension.lowercased() {
      case "json": self = .coco
      case "yaml", "yml": self = .yolo
      default: return nil
      }
    } else if has("objects.json") || has("attributes.json") {
      self = .visualGenome
    } else if ["data.yaml", "data.yml", "dataset.yaml", "obj.names"].contains(where: has) {
      self = .yolo
    } else if has("ImageSets") || !names(in: path + "/Annotations", endings: ["xml"]).isEmpty {
      self = .voc
    } else if has("annotations") || !names(in: path, endings: ["json"]).isEmpty {
      self = .coco
    } else if has("classes.txt") || has("labels") {
      self = .yolo
    } else {
      return nil
    }
  }

  /// Reads one part.
  ///
  /// - Throws: `DatasetError`, `JSONError`.
  public func read(_ path: String, split: String) throws -> MarkedPictures {
    let source = DatasetSource(kind: rawValue, path: path, split: split)
    switch self {
    case .coco: return try COCO.read(source)
    case .voc: return try VOC.read(source)
    case .yolo: return try YOLO.read(source)
    case .visualGenome: return try VisualGenome.read(source)
    }
  }

  /// Reads the parts that are named, or else those of the usual names that are there; a file of one
  /// part has its own name.
  ///
  /// - Throws: `DatasetError`, `JSONError`.
  public func parts(
    _ path: String, splits: [String]
  ) throws -> [(split: String, data: MarkedPictures)] {
    guard splits.isEmpty else { return try splits.map { ($0, try read(path, split: $0)) } }
    if isFile(path), self != .yolo {
      let name = stem(path)
      let split = name.hasPrefix("instances_") ? String(name.dropFirst(10)) : name
      return [(split, try read(path, split: split))]
    }
    var found: [(split: String, data: MarkedPictures)] = []
    var failure: (any Error)?
    for split in ["train", "val", "test", "all"] where split != "all" || found.isEmpty {
      do {
        found.append((split, try read(path, split: split)))
      } catch let error as DatasetError {
        switch error {
        case .missing, .unknownSplit: failure = failure ?? error
        default: throw error
        }
      }
    }
    if found.isEmpty, let failure { throw failure }
    return found
  }
}
