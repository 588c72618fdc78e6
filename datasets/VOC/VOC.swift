import Annotations
import Foundation
import Wording

/// Datasets in Pascal VOC's format: an XML file for each picture.
///
/// The path is the folder that holds `Annotations`, `JPEGImages` and `ImageSets/Main/<part>.txt`,
/// which lists the part's pictures without their endings; the part `all` is every annotation.
/// Without such lists a part is a folder of its own, `<part>` or `<part>/Annotations`. The pictures
/// are looked for in `JPEGImages`, `images` and beside the annotations, by the name that the XML
/// gives, else by the name of the XML file.
///
/// VOC counts pixels from 1 and gives the first and the last one inside the object: a box's left
/// edge is `xmin - 1`, its right one `xmax`.
public enum VOC {
  /// The largest XML file in bytes.
  static let largestFile = 16 << 20

  /// Reads one part.
  ///
  /// - Throws: `DatasetError` where there is no such part; a file that cannot be read is a problem.
  @Sendable public static func read(_ source: DatasetSource) throws -> MarkedPictures {
    let (folder, files) = try annotations(of: source)
    var data = MarkedPictures(format: "voc", categories: [])
    var drafts: [(picture: MarkedPictures.Picture, names: [String])] = []
    var classes: Set<String> = []
    for file in files {
      do {
        let annotation = try VOCAnnotation(file: file)
        classes.formUnion(annotation.objects.map(\.name))
        drafts.append((annotation.picture(id: drafts.count + 1), annotation.objects.map(\.name)))
      } catch let error as DatasetError {
        guard case .malformed(_, let entry, let reason) = error else { throw error }
        data.problems.append(DataProblem(.unreadable, file: file, entry: entry, text: reason))
      }
    }
    data.categories = try categories(folder, classes)
    let positions = Dictionary(
      uniqueKeysWithValues: data.categories.enumerated().map { ($1.name, $0) })
    for (draft, names) in drafts {
      var picture = draft
      picture.objects = []
      for (object, name) in zip(draft.objects, names) {
        guard let category = positions[name] else {
          data.problems.append(
            DataProblem(
              .unknownID, file: picture.annotations, entry: "object \(object.number)",
              text: "expected one of the classes of \(path(folder, "classes.txt")), found '\(name)'"
            ))
          continue
        }
        var object = object
        object.category = category
        picture.objects.append(object)
      }
      data.pictures.append(picture)
    }
    data.number()
    let beside = files.first.map { parentFolder(of: $0) } ?? folder
    let places = ["JPEGImages", "images"].map { path(folder, $0) }
    let above = parentFolder(of: beside)
    data.find(
      in: PictureFolders(
        places + [beside] + ["JPEGImages", "images"].map { path(above, $0) } + [folder]
      )
    ) { picture in
      let own = stem(picture.annotations)
      return [picture.name] + ["jpg", "jpeg", "png"].map { "\(own).\($0)" }
    }
    // Only now: a picture's original name may be the name of another one's file here.
    try data.complete(from: folder)
    return data
  }

  /// The classes in the order of `classes.txt` if there is one, else sorted, with ids from 1.
  private static func categories(
    _ folder: String, _ found: Set<String>
  ) throws -> [MarkedPictures.Category] {
    let file = path(folder, "classes.txt")
    let names = isFile(file) ? try textLines(of: file) : found.sorted()
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw DatasetError.malformed(
        file: file, entry: "line \(twice + 1)", reason: "the class '\(names[twice])' is there twice"
      )
    }
    return names.enumerated().map { MarkedPictures.Category(id: $0 + 1, name: $1) }
  }

  /// The annotation files of a part, and the folder of the dataset.
  private static func annotations(
    of source: DatasetSource
  ) throws -> (folder: String, files: [String]) {
    let (root, split) = (source.place, source.split)
    let all = path(root, "Annotations")
    let list = path(root, "ImageSets/Main/\(split).txt")
    if isFile(list) {
      let stems = try textLines(of: list).map { $0.prefix { $0 != " " && $0 != "\t" } }
      return (root, stems.map { path(all, "\($0).xml") })
    }
    let own = [path(root, split + "/Annotations"), path(root, split)]
    let candidates = own + (split == "all" || source.path.contains("{split}") ? [all, root] : [])
    for folder in candidates {
      let found = names(in: folder, endings: ["xml"])
      if !found.isEmpty {
        let isOwn = own.contains(folder)
        return (isOwn ? path(root, split) : root, found.map { path(folder, $0) })
      }
    }
    if isFolder(path(root, "ImageSets/Main")) {
      let known = names(in: path(root, "ImageSets/Main"), endings: ["txt"]).map(stem)
      throw DatasetError.unknownSplit(dataset: root, split: split, known: known + ["all"])
    }
    throw DatasetError.missing(
      what: "Pascal VOC's part '\(split)'", tried: [list] + candidates.map { path($0, "*.xml") })
  }
}

/// One XML file of Pascal VOC.
struct VOCAnnotation {
  private let file: String
  private let root: Markup
  /// The objects with the names of their classes.
  private(set) var objects: [(name: String, object: MarkedPictures.Object)] = []

  /// Reads a file.
  ///
  /// - Throws: `DatasetError.malformed`.
  init(file: String) throws {
    self.file = file
    let bytes = try fileBytes(file, limit: VOC.largestFile)
    do { root = try Markup(bytes) } catch let error as MarkupError {
      throw DatasetError.malformed(file: file, entry: "line \(error.line)", reason: error.reason)
    }
    guard root.name == "annotation" else {
      throw DatasetError.malformed(
        file: file, entry: "line \(root.line)",
        reason: "expected <annotation>, found <\(root.name)>; is this Pascal VOC's?")
    }
    for element in root.children where element.name == "object" {
      objects.append(try object(element, number: objects.count + 1))
    }
  }

  /// The picture of the file with its objects, their categories yet to be set.
  func picture(id: Int) -> MarkedPictures.Picture {
    var picture = MarkedPictures.Picture(
      id: id, name: root["filename"]?.text ?? "", annotations: file)
    if picture.name.isEmpty { picture.name = stem(file) + ".jpg" }
    // Some tools write 0 where they do not know the size.
    picture.width = root["size"]?["width"].flatMap { Int($0.text) }.flatMap { $0 > 0 ? $0 : nil }
    picture.height = root["size"]?["height"].flatMap { Int($0.text) }.flatMap { $0 > 0 ? $0 : nil }
    picture.objects = objects.map(\.object)
    return picture
  }

  private func object(
    _ element: Markup, number: Int
  ) throws -> (name: String, object: MarkedPictures.Object) {
    func failure(_ line: Int, _ reason: String) -> DatasetError {
      .malformed(file: file, entry: "line \(line) (object \(number))", reason: reason)
    }
    guard let name = element["name"]?.text, !name.isEmpty else {
      throw failure(element.line, "expected the class in <name>, found none")
    }
    guard let box = element["bndbox"] else {
      throw failure(element.line, "expected <bndbox>, found none")
    }
    let edges = try ["xmin", "ymin", "xmax", "ymax"].map { edge in
      guard let text = box[edge]?.text else {
        throw failure(box.line, "expected <\(edge)> in <bndbox>, found none")
      }
      guard let number = Double(text) else {
        throw failure(box.line, "expected a number in <\(edge)>, found '\(text.prefix(40))'")
      }
      return number
    }
    var object = MarkedPictures.Object(
      number: number, category: 0,
      box: CocoBox(
        x: edges[0] - 1, y: edges[1] - 1, width: edges[2] - edges[0] + 1,
        height: edges[3] - edges[1] + 1
      ).rounded)
    func flag(_ name: String) -> Bool { element[name].map { $0.text != "0" } ?? false }
    object.view.pose = element["pose"]?.text
    object.view.isTruncated = flag("truncated")
    object.view.isDifficult = flag("difficult")
    object.view.isOccluded = flag("occluded")
    return (name, object)
  }
}
