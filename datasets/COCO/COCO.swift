import Annotations
import Foundation
import Wording

/// Datasets in COCO's format: one JSON file for each part, pictures in a folder.
///
/// The path is the JSON file, or the folder above, in which it is looked for as
/// `annotations/instances_<part>.json` (also with `2017` and `2014`), `annotations/<part>.json`,
/// `<part>.json`, `<part>/_annotations.coco.json`. The pictures are looked for beside the file, in
/// `images`, and in a folder named after the part, there and one level up.
public enum COCO {
  /// Reads one part.
  ///
  /// - Throws: `DatasetError`, `JSONError`.
  @Sendable public static func read(_ source: DatasetSource) throws -> MarkedPictures {
    let split = source.split
    let file = try source.file(
      "COCO's annotations of the part '\(split)'",
      among: ["", "2017", "2014"].map { "annotations/instances_\(split)\($0).json" } + [
        "annotations/\(split).json", "instances_\(split).json", "\(split).json",
        "\(split)/_annotations.coco.json", "\(split)/annotations.json",
      ])
    var data = try pictures(CocoAnnotations(path: file, refusesRepeatedIDs: false), file: file)
    data.find(in: pictureFolders(of: file))
    return data
  }

  /// The folders that pictures of an annotation file are looked for in.
  static func pictureFolders(of file: String) -> PictureFolders {
    let folder = parentFolder(of: file)
    let above = folder.isEmpty ? ".." : folder == ".." ? "../.." : parentFolder(of: folder)
    let name = stem(file)
    let part = name.hasPrefix("instances_") ? String(name.dropFirst(10)) : name
    let named = ["", "images", part, "images/" + part]
    func inside(_ folder: String) -> [String] {
      named.map { $0.isEmpty ? folder : path(folder, $0) }
    }
    return PictureFolders(inside(folder) + inside(above))
  }

  /// The content of an annotation file; every object with its picture.
  static func pictures(_ annotations: CocoAnnotations, file: String) -> MarkedPictures {
    var data = MarkedPictures(format: "coco", categories: [])
    var categories: [Int: Int] = [:]
    for category in annotations.categories {
      if categories.updateValue(data.categories.count, forKey: category.id) != nil {
        data.problems.append(repeated("category", category.id, file))
      }
      data.categories.append(
        MarkedPictures.Category(id: category.id, name: category.name, group: category.group))
    }
    data.attributes = annotations.attributes.map {
      MarkedPictures.Category(id: $0.id, name: $0.name, group: $0.group)
    }
    var positions: [Int: Int] = [:]
    for picture in annotations.pictures {
      if positions.updateValue(data.pictures.count, forKey: picture.id) != nil {
        data.problems.append(repeated("picture", picture.id, file))
      }
      let digits = "\(picture.id)"
      let name = String(repeating: "0", count: max(0, 12 - digits.count)) + digits + ".jpg"
      data.pictures.append(
        MarkedPictures.Picture(
          id: picture.id, name: picture.fileName ?? name, annotations: file, width: picture.width,
          height: picture.height))
    }
    var numbers: Set<Int> = []
    for object in annotations.objects {
      let entry = "annotation \(object.id)"
      if !numbers.insert(object.id).inserted {
        data.problems.append(repeated("annotation", object.id, file))
      }
      guard let picture = positions[object.picture] else {
        data.problems.append(
          DataProblem(
            .unknownID, file: file, entry: entry,
            text: "expected the id of one of 'images' as image_id, found \(object.picture)"))
        continue
      }
      guard let category = categories[object.category] else {
        data.problems.append(
          DataProblem(
            .unknownID, file: file, entry: entry,
            text: "expected the id of one of 'categories' as category_id, found "
              + "\(object.category)"))
        continue
      }
      data.pictures[picture].objects.append(
        MarkedPictures.Object(
          number: object.id, category: category, box: object.box,
          area: object.area == object.box.area ? nil : object.area, isCrowd: object.isCrowd,
          attributes: object.attributes, view: object.objectView))
    }
    return data
  }

  private static func repeated(_ what: String, _ id: Int, _ file: String) -> DataProblem {
    DataProblem(
      .duplicateID, file: file, entry: "\(what) \(id)",
      text: "expected ids that occur once, found \(id) again")
  }
}

extension CocoAnnotations.Object {
  fileprivate var objectView: ObjectView {
    var view = ObjectView()
    view.pose = pose
    view.isTruncated = isTruncated
    view.isDifficult = isDifficult
    view.isOccluded = isOccluded
    return view
  }
}
