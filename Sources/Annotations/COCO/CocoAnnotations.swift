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
    /// Ids of its attributes, of which `attribute_ids_max16` has sixteen places (Visual Genome in
    /// MMF's form); unused places are left out.
    public var attributes: [Int] = []
    /// From where it is seen, in Pascal VOC's words.
    public var pose: String?
    /// Whether part of it is outside of the picture or the box, as in Pascal VOC.
    public var isTruncated = false
    /// Whether it is hard to recognise, as in Pascal VOC.
    public var isDifficult = false
    /// Whether something else hides part of it, as in Pascal VOC.
    public var isOccluded = false
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
  /// The attributes that objects may have, if they are given: a list beside COCO's own, of entries
  /// like those of the categories.
  public var attributes: [Category] = []

  /// Reads a file of annotations, such as `instances_val2017.json`.
  ///
  /// - Parameter refusesRepeatedIDs: whether an object's id that occurs twice is an error.
  /// - Throws: `JSONError`.
  public init(path: String, refusesRepeatedIDs: Bool = true) throws {
    let file = try JSONFile(path: path)
    self = try file.read {
      try CocoAnnotations(from: &$0, refusesRepeatedIDs: refusesRepeatedIDs)
    }
  }

  /// Reads annotations as the next value.
  ///
  /// - Parameter refusesRepeatedIDs: whether an object's id that occurs twice is an error.
  /// - Throws: `JSONError`.
  public init(from reader: inout JSONReader, refusesRepeatedIDs: Bool = true) throws {
    try reader.lists(
      ["images", "annotations", "categories"], optional: ["attributes"], of: "COCO's annotations"
    ) { reader, name in
      switch name {
      case "images": try readPictures(&reader)
      case "annotations": try readObjects(&reader, refusesRepeatedIDs: refusesRepeatedIDs)
      case "attributes":
        // Other programs may mean something else by it.
        guard try reader.peek() == .array else { return try reader.skip() }
        attributes = try Self.categories(&reader)
      default: categories += try Self.categories(&reader)
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

  private mutating func readObjects(
    _ reader: inout JSONReader, refusesRepeatedIDs: Bool
  ) throws {
    var ids: Set<Int> = []
    try reader.array { reader, index in
      let start = reader.place()
      var (id, picture, category): (Int?, Int?, Int?)
      var box: CocoBox?
      var area: Double?
      var object = Object(
        id: 0, picture: 0, category: 0, box: CocoBox(x: 0, y: 0, width: 0, height: 0), area: 0,
        isCrowd: false)
      try reader.object { reader, key in
        switch key {
        case "id": id = try refusesRepeatedIDs ? reader.newID(&ids) : reader.integer()
        case "image_id": picture = try reader.integer()
        case "category_id": category = try reader.integer()
        case "bbox": box = try CocoBox(from: &reader)
        case "area": area = try reader.optional { try $0.double() }
        case "iscrowd": object.isCrowd = try reader.flag()
        default: try object.readAddition(key, &reader)
        }
      }
      object.box = try reader.required(box, "bbox", at: start)
      object.id = id ?? index + 1
      object.picture = try reader.required(picture, "image_id", at: start)
      object.category = try reader.required(category, "category_id", at: start)
      object.area = area ?? object.box.area
      objects.append(object)
    }
  }

  private static func categories(_ reader: inout JSONReader) throws -> [Category] {
    var categories: [Category] = []
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
    return categories
  }
}

extension CocoAnnotations.Object {
  /// Reads a member that COCO itself does not have. Other programs use the same names for values
  /// of other kinds, which are passed over.
  fileprivate mutating func readAddition(_ key: String, _ reader: inout JSONReader) throws {
    switch (key, try reader.peek()) {
    case ("attribute_ids", .array), ("attribute_ids_max16", .array):
      attributes = []
      try reader.array { reader, _ in
        guard try reader.peek() == .number else { return try reader.skip() }
        let id = try reader.integer()
        if id >= 0 { attributes.append(id) }
      }
    case ("pose", .string): pose = try reader.string()
    case ("truncated", .boolean): isTruncated = try reader.boolean()
    case ("truncated", .number): isTruncated = try reader.double() != 0
    case ("difficult", .boolean): isDifficult = try reader.boolean()
    case ("difficult", .number): isDifficult = try reader.double() != 0
    case ("occluded", .boolean): isOccluded = try reader.boolean()
    case ("occluded", .number): isOccluded = try reader.double() != 0
    default: try reader.skip()
    }
  }
}
