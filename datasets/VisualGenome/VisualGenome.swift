import Annotations
import Foundation
import Models
import Wording

/// Visual Genome (Krishna et al., 2017): objects of 1,600 kinds with up to 16 of 400 attributes.
///
/// Two forms are read. The dataset's own: a folder with `objects.json` and `attributes.json` (either
/// may be missing), the vocabularies `objects_vocab.txt` and `attributes_vocab.txt` (a name a line,
/// further spellings after commas) and, for every part, `<part>.txt` with the ids or files of its
/// pictures; the part `all` is everything. And that of COCO with `attribute_ids_max16`, as the
/// official UniT was trained on, in `annotations/instances_<part>_split_by_coco_2017.json` or where
/// COCO's own files are looked for.
///
/// An object's class is the first of its names that is in the vocabulary; objects of no known name
/// and unknown attributes are left out. Ids are the vocabulary's lines from 1, because row 0 of the
/// official UniT is background.
public enum VisualGenome {
  /// Reads one part.
  ///
  /// - Throws: `DatasetError`, `JSONError`.
  @Sendable public static func read(_ source: DatasetSource) throws -> MarkedPictures {
    let place = source.place
    if isFolder(place),
      ["objects.json", "attributes.json"].contains(where: { isFile(path(place, $0)) })
    {
      return try original(source, folder: place)
    }
    let own = path(place, "annotations/instances_\(source.split)_split_by_coco_2017.json")
    var derived = source
    if isFile(own) { derived.path = own }
    var data = try COCO.read(derived)
    data.format = "visual-genome"
    let folder = data.pictures.first.map { parentFolder(of: $0.annotations) } ?? ""
    data.attributes = try attributes(of: data, folder: folder)
    return data
  }

  /// Visual Genome for a task; without a vocabulary of attributes only for tasks without them.
  @Sendable static func dataset(_ source: DatasetSource, for task: TaskSpec) throws
    -> any TaskDataset
  {
    try DetectionDataset.opening(read)(source, task)
  }

  /// The attributes of the derived form: named in a file, else numbered.
  private static func attributes(
    of data: MarkedPictures, folder: String
  ) throws -> [MarkedPictures.Category] {
    let files = [folder, parentFolder(of: folder)].map { path($0, "attributes_vocab.txt") }
    if let file = files.first(where: isFile) { return try GenomeVocabulary(file).categories }
    let used = Set(data.pictures.lazy.flatMap(\.objects).flatMap(\.attributes))
    return used.sorted().map { MarkedPictures.Category(id: $0, name: "attribute \($0)") }
  }

  private static func original(
    _ source: DatasetSource, folder: String
  ) throws -> MarkedPictures {
    let classes = try GenomeVocabulary(path(folder, "objects_vocab.txt"))
    let kinds = try GenomeVocabulary(path(folder, "attributes_vocab.txt"))
    let wanted = try part(source.split, folder: folder)
    var data = MarkedPictures(format: "visual-genome", categories: classes.categories)
    data.attributes = kinds.categories
    let (objects, attributes) = (path(folder, "objects.json"), path(folder, "attributes.json"))
    let main = isFile(objects) ? objects : attributes
    let described = main == objects && isFile(attributes)
    var words: [Int: [String]] = [:]
    if described {
      for picture in try VisualGenomeObjects(path: attributes).pictures {
        for object in picture.objects { words[object.id, default: []] += object.attributes }
      }
    }
    for picture in try VisualGenomeObjects(path: main).pictures
    where wanted?.contains(picture.id) ?? true {
      var marked = MarkedPictures.Picture(
        id: picture.id, name: "\(picture.id).jpg", annotations: main)
      for object in picture.objects {
        guard let category = object.names.lazy.compactMap({ classes.position(of: $0) }).first
        else { continue }
        var seen: Set<Int> = []
        let known = (described ? words[object.id] ?? [] : object.attributes)
          .compactMap { kinds.position(of: $0) }.filter { seen.insert($0).inserted }
        marked.objects.append(
          MarkedPictures.Object(
            number: object.id, category: category, box: object.box,
            attributes: known.prefix(DetectionDataset.mostAttributes).map { $0 + 1 }))
      }
      data.pictures.append(marked)
    }
    let folders = ["VG_100K", "VG_100K_2", "images", "images/VG_100K", "images/VG_100K_2", ""]
    data.find(in: PictureFolders(folders.map { $0.isEmpty ? folder : path(folder, $0) })) {
      ["\($0.id).jpg", "\($0.id).png"]
    }
    return data
  }

  /// The ids of a part's pictures; nil for all.
  private static func part(_ split: String, folder: String) throws -> Set<Int>? {
    let file = path(folder, split + ".txt")
    guard isFile(file) else {
      if split == "all" { return nil }
      let known = names(in: folder, endings: ["txt"]).map(stem).filter { !$0.hasSuffix("_vocab") }
      throw DatasetError.unknownSplit(dataset: folder, split: split, known: known + ["all"])
    }
    var ids: Set<Int> = []
    for (number, line) in try textLines(of: file).enumerated() {
      // Lists of others have the file of the picture, and that of its objects after a blank.
      let name = line.prefix { $0 != " " && $0 != "\t" }
      guard let id = Int(stem(String(name))) else {
        throw DatasetError.malformed(
          file: file, entry: "entry \(number + 1)",
          reason: "expected the id of a picture or its file, found '\(line.prefix(60))'")
      }
      ids.insert(id)
    }
    return ids
  }
}

/// Names with their spellings, one a line: `motorcycle,motorbike`.
private struct GenomeVocabulary {
  let categories: [MarkedPictures.Category]
  private let positions: [String: Int]

  init(_ file: String) throws {
    guard isFile(file) else {
      throw DatasetError.missing(what: "a vocabulary of Visual Genome", tried: [file])
    }
    var positions: [String: Int] = [:]
    categories = try textLines(of: file).enumerated().map { position, line in
      let spellings = line.split(separator: ",").map { Self.plain(String($0)) }
      for spelling in spellings where positions[spelling] == nil { positions[spelling] = position }
      return MarkedPictures.Category(id: position + 1, name: spellings.first ?? line)
    }
    self.positions = positions
  }

  func position(of name: String) -> Int? { positions[Self.plain(name)] }

  private static func plain(_ name: String) -> String {
    name.lowercased().trimmingCharacters(in: .whitespaces)
  }
}
