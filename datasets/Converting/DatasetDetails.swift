import Annotations
import Foundation
import Inputs

/// What Pascal VOC's and YOLO's formats have no place for, in a file `details.json` of its own, so
/// that a converted dataset can be converted back without loss.
///
/// It holds the ids of categories, pictures and objects, the names of groups, areas of outlines, and
/// the crowds, which other programs would take for single objects. Whoever changes labels by hand
/// may leave it as it is: pictures whose number of objects no longer fits lose only these details.
struct DatasetDetails: Codable {
  static let fileName = "details.json"

  struct Category: Codable {
    var id: Int
    var name: String
    var supercategory: String?
  }

  struct Object: Codable {
    var id: Int
    var area: Double?
    var attributeIDs: [Int]?
    var pose: String?
    var truncated: Bool?
    var difficult: Bool?
    var occluded: Bool?
    /// Only of a crowd, which has no place but here: the name of its class.
    var crowd: String?
    /// Only of a crowd: left, top, width, height in pixels.
    var box: [Double]?

    enum CodingKeys: String, CodingKey {
      case id, area, pose, truncated, difficult, occluded, crowd, box
      case attributeIDs = "attribute_ids"
    }
  }

  struct Picture: Codable {
    /// The picture's file without its ending, which is unlike that of any other.
    var stem: String
    var id: Int
    var name: String
    var width: Int
    var height: Int
    var objects: [Object]
  }

  var schema = 1
  var categories: [Category]
  var pictures: [Picture] = []
}

extension DatasetDetails.Object {
  init(_ object: MarkedPictures.Object, className: String, id: Int) {
    self.id = id
    area = object.area
    attributeIDs = object.attributes.isEmpty ? nil : object.attributes
    pose = object.view.pose
    truncated = object.view.isTruncated ? true : nil
    difficult = object.view.isDifficult ? true : nil
    occluded = object.view.isOccluded ? true : nil
    guard object.isCrowd else { return }
    crowd = className
    box = [object.box.x, object.box.y, object.box.width, object.box.height]
  }

  fileprivate func complete(_ object: inout MarkedPictures.Object) {
    object.number = id
    object.area = area
    object.attributes = attributeIDs ?? []
    object.view.pose = pose ?? object.view.pose
    object.view.isTruncated = truncated ?? object.view.isTruncated
    object.view.isDifficult = difficult ?? object.view.isDifficult
    object.view.isOccluded = occluded ?? object.view.isOccluded
  }
}

extension MarkedPictures {
  /// Adds what `details.json` in the folder tells, if it is there; the pictures get its order.
  ///
  /// - Throws: `DatasetError.malformed`.
  mutating func complete(from folder: String) throws {
    let file = path(folder, DatasetDetails.fileName)
    guard isFile(file) else { return }
    let details: DatasetDetails
    do {
      let bytes = try fileBytes(file, limit: 4 << 30)
      details = try JSONDecoder().decode(DatasetDetails.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw DatasetError.malformed(
        file: file, entry: "",
        reason: "expected the details that 'unit data convert' writes, found something else ("
          + "\(String(describing: error).prefix(80))); remove the file to do without them")
    }
    let known = Dictionary(details.categories.map { ($0.name, $0) }) { first, _ in first }
    for position in categories.indices {
      guard let category = known[categories[position].name] else { continue }
      categories[position].id = category.id
      categories[position].group = category.supercategory
    }
    let order = Dictionary(
      details.pictures.enumerated().map { ($1.stem, $0) }, uniquingKeysWith: { first, _ in first })
    var places: [(place: Int, picture: Picture)] = []
    for (position, picture) in pictures.enumerated() {
      let own = stem(picture.name.isEmpty ? picture.annotations : picture.name)
      guard let place = order[own] else {
        places.append((details.pictures.count + position, picture))
        continue
      }
      places.append((place, completed(picture, details.pictures[place])))
    }
    pictures = places.sorted { $0.place < $1.place }.map(\.picture)
  }

  private func completed(_ picture: Picture, _ details: DatasetDetails.Picture) -> Picture {
    var picture = picture
    picture.id = details.id
    picture.name = details.name
    picture.width = picture.width ?? details.width
    picture.height = picture.height ?? details.height
    guard details.objects.count(where: { $0.crowd == nil }) == picture.objects.count else {
      return picture
    }
    var plain = picture.objects.makeIterator()
    picture.objects = details.objects.compactMap { detail in
      if detail.crowd == nil {
        guard var object = plain.next() else { return nil }
        detail.complete(&object)
        return object
      }
      guard let category = categories.firstIndex(where: { $0.name == detail.crowd }),
        let box = detail.box, box.count == 4, details.width > 0, details.height > 0
      else { return nil }
      var object = Object(
        number: detail.id, category: category,
        box: CocoBox(x: box[0], y: box[1], width: box[2], height: box[3]))
      if unit == .fractions {
        object.box = object.box.scaled(1 / Double(details.width), 1 / Double(details.height))
      }
      object.isCrowd = true
      detail.complete(&object)
      return object
    }
    return picture
  }

  /// The same with boxes in pixels and every picture's size.
  ///
  /// - Throws: `ImageError` for a picture whose size is needed and cannot be read,
  ///   `DatasetError.malformed` where there is neither picture nor size.
  func inPixels() throws -> MarkedPictures {
    var data = self
    data.unit = .pixels
    for position in pictures.indices {
      let picture = pictures[position]
      if picture.width == nil || picture.height == nil {
        guard let path = picture.path else {
          throw DatasetError.malformed(
            file: picture.annotations, entry: "picture \(picture.id)",
            reason: "neither the picture '\(picture.name)' nor its size is there")
        }
        let size = try ImageHeader(contentsOf: path).size
        data.pictures[position].width = size.width
        data.pictures[position].height = size.height
      }
      guard unit == .fractions, let width = data.pictures[position].width,
        let height = data.pictures[position].height
      else { continue }
      for object in picture.objects.indices {
        let box = picture.objects[object].box
        data.pictures[position].objects[object].box =
          box.scaled(Double(width), Double(height)).rounded
      }
    }
    return data
  }
}
