import JSONStream

/// A data set in COCO's format: pictures, the objects marked in them, and their categories.
///
/// Outlines (`segmentation`) and everything else that is not named here is passed over without
/// being built in memory, so that a file of hundreds of megabytes costs little beyond its objects.
/// Errors name the entry, its byte, what was expected and what was found.
public struct CocoAnnotations: Sendable, Equatable {
  /// A picture.
  public struct Picture: Sendable, Equatable {
    /// Id of the picture.
    public var id: Int
    /// Name of its file, if it is given.
    public var fileName: String?
    /// Width in pixels, if it is given.
    public var width: Int?
    /// Height in pixels, if it is given.
    public var height: Int?
  }

  /// An object in a picture.
  public struct Object: Sendable, Equatable {
    /// Id of the object; without one its position in the file, from 1.
    public var id: Int
    /// Id of the picture.
    public var picture: Int
    /// Id of the category.
    public var category: Int
    /// Where it is, in pixels.
    public var box: CocoBox
    /// Area of its outline in square pixels; of the box if it is not given.
    public var area: Double
    /// Whether it is a crowd of objects; not, if it is not said.
    public var isCrowd: Bool
  }

  /// A kind of object.
  public struct Category: Sendable, Equatable {
    /// Id of the category.
    public var id: Int
    /// What it is called.
    public var name: String
    /// The kind it belongs to, if it is given.
    public var group: String?
  }

  /// The pictures in the order of the file.
  public var pictures: [Picture] = []
  /// The objects in the order of the file.
  public var objects: [Object] = []
  /// The categories in the order of the file.
  public var categories: [Category] = []

  /// Reads a file of annotations, such as `instances_val2017.json`.
  ///
  /// - Throws: `JSONError`.
  public init(path: String) throws {
    let file = try JSONFile(path: path)
    self = try file.read { try CocoAnnotations(from: &$0) }
  }

  /// Reads annotations as the next value.
  ///
  /// - Throws: `JSONError`.
  public init(from reader: inout JSONReader) throws {
    try reader.lists(["images", "annotations", "categories"], of: "COCO's annotations") {
      reader, name in
      switch name {
      case "images": try readPictures(&reader)
      case "annotations": try readObjects(&reader)
      default: try readCategories(&reader)
      }
    }
  }

  private mutating func readPictures(_ reader: inout JSONReader) throws {
    try reader.array { reader, _ in
      let start = reader.place()
      var id: Int?
      var picture = Picture(id: 0)
      try reader.object { reader, key in
        switch key {
        case "id": id = try reader.integer()
        case "file_name": picture.fileName = try reader.optional { try $0.string() }
        case "width": picture.width = try reader.optional { try $0.integer() }
        case "height": picture.height = try reader.optional { try $0.integer() }
        default: try reader.skip()
        }
      }
      picture.id = try reader.required(id, "id", at: start)
      pictures.append(picture)
    }
  }

  private mutating func readObjects(_ reader: inout JSONReader) throws {
    var ids: Set<Int> = []
    try reader.array { reader, index in
      let start = reader.place()
      var (id, picture, category): (Int?, Int?, Int?)
      var box: CocoBox?
      var area: Double?
      var isCrowd = false
      try reader.object { reader, key in
        switch key {
        case "id": id = try reader.newID(&ids)
        case "image_id": picture = try reader.integer()
        case "category_id": category = try reader.integer()
        case "bbox": box = try CocoBox(from: &reader)
        case "area": area = try reader.optional { try $0.double() }
        case "iscrowd": isCrowd = try reader.flag()
        default: try reader.skip()
        }
      }
      let given = try reader.required(box, "bbox", at: start)
      objects.append(
        Object(
          id: id ?? index + 1, picture: try reader.required(picture, "image_id", at: start),
          category: try reader.required(category, "category_id", at: start), box: given,
          area: area ?? given.area, isCrowd: isCrowd))
    }
  }

  private mutating func readCategories(_ reader: inout JSONReader) throws {
    try reader.array { reader, _ in
      let start = reader.place()
      var id: Int?
      var name: String?
      var group: String?
      try reader.object { reader, key in
        switch key {
        case "id": id = try reader.integer()
        case "name": name = try reader.string()
        case "supercategory": group = try reader.optional { try $0.string() }
        default: try reader.skip()
        }
      }
      let number = try reader.required(id, "id", at: start)
      categories.append(Category(id: number, name: name ?? "\(number)", group: group))
    }
  }
}
