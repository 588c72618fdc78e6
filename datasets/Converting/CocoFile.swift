import Annotations
import Foundation

/// Marked pictures as COCO writes them.
struct CocoFile: Encodable {
  private struct Picture: Encodable {
    let id: Int
    let fileName: String
    let width: Int?
    let height: Int?

    enum CodingKeys: String, CodingKey {
      case id, width, height
      case fileName = "file_name"
    }
  }

  private struct Object: Encodable {
    let id: Int
    let picture: Int
    let category: Int
    let box: [Double]
    let area: Double
    let isCrowd: Int
    let attributes: [Int]?
    let pose: String?
    let truncated: Int?
    let difficult: Int?
    let occluded: Int?

    enum CodingKeys: String, CodingKey {
      case id, area, pose, truncated, difficult, occluded
      case picture = "image_id"
      case category = "category_id"
      case box = "bbox"
      case isCrowd = "iscrowd"
      case attributes = "attribute_ids"
    }
  }

  private struct Category: Encodable {
    let id: Int
    let name: String
    let supercategory: String?
  }

  private let images: [Picture]
  private let annotations: [Object]
  private let categories: [Category]

  /// A part of a dataset with boxes in pixels.
  init(
    _ data: MarkedPictures, fileNames: [String], objectIDs: [[Int]],
    categories: [MarkedPictures.Category]
  ) {
    images = zip(data.pictures, fileNames).map {
      Picture(id: $0.id, fileName: $1, width: $0.width, height: $0.height)
    }
    let ids = data.categories.map { category in
      categories.first { $0.name == category.name }?.id ?? category.id
    }
    annotations = zip(data.pictures, objectIDs).flatMap { picture, numbers in
      zip(picture.objects, numbers).map { object, number in
        let (box, view) = (object.box, object.view)
        return Object(
          id: number, picture: picture.id, category: ids[object.category],
          box: [box.x, box.y, box.width, box.height], area: object.area ?? box.area,
          isCrowd: object.isCrowd ? 1 : 0,
          attributes: object.attributes.isEmpty ? nil : object.attributes, pose: view.pose,
          truncated: view.isTruncated ? 1 : nil, difficult: view.isDifficult ? 1 : nil,
          occluded: view.isOccluded ? 1 : nil)
      }
    }
    self.categories = categories.map {
      Category(id: $0.id, name: $0.name, supercategory: $0.group)
    }
  }

  /// The file's bytes.
  var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self)
    }
  }
}
