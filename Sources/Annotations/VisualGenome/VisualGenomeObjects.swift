import JSONStream

/// The objects of pictures in Visual Genome's own format, `objects.json` or `attributes.json`.
public struct VisualGenomeObjects: Sendable, Equatable {
  /// An object in a picture.
  public struct Object: Sendable, Equatable {
    /// Id of the object.
    public var id: Int
    /// Where it is, in pixels.
    public var box: CocoBox
    /// What people called it, the first name first.
    public var names: [String] = []
    /// What people said of it; empty in `objects.json`.
    public var attributes: [String] = []
  }

  /// A picture.
  public struct Picture: Sendable, Equatable {
    /// Id of the picture.
    public var id: Int
    /// The objects in the order of the file.
    public var objects: [Object]
  }

  /// The pictures in the order of the file.
  public var pictures: [Picture] = []

  /// Reads a file.
  ///
  /// - Throws: `JSONError`.
  public init(path: String) throws {
    let file = try JSONFile(path: path)
    self = try file.read { try VisualGenomeObjects(from: &$0) }
  }

  /// Reads the list of pictures as the next value.
  ///
  /// - Throws: `JSONError`.
  public init(from reader: inout JSONReader) throws {
    var ids: Set<Int> = []
    try reader.array { reader, _ in
      let start = reader.place()
      var id: Int?
      var objects: [Object]?
      try reader.object { reader, key in
        switch key {
        case "image_id": id = try reader.newID(&ids)
        case "objects", "attributes": objects = try Self.objects(&reader)
        default: try reader.skip()
        }
      }
      pictures.append(
        Picture(
          id: try reader.required(id, "image_id", at: start),
          objects: try reader.required(objects, "objects", at: start)))
    }
  }

  private static func objects(_ reader: inout JSONReader) throws -> [Object] {
    var objects: [Object] = []
    try reader.array { reader, _ in
      let start = reader.place()
      var id: Int?
      var edges: [String: Double] = [:]
      var object = Object(id: 0, box: CocoBox(x: 0, y: 0, width: 0, height: 0))
      try reader.object { reader, key in
        switch key {
        case "object_id": id = try reader.integer()
        case "x", "y", "w", "h": edges[key] = try reader.double()
        case "names": object.names = try texts(&reader)
        case "attributes": object.attributes = try reader.optional { try texts(&$0) } ?? []
        default: try reader.skip()
        }
      }
      object.id = try reader.required(id, "object_id", at: start)
      func edge(_ name: String) throws -> Double {
        try reader.required(edges[name], name, at: start)
      }
      object.box = CocoBox(
        x: try edge("x"), y: try edge("y"), width: try edge("w"), height: try edge("h"))
      objects.append(object)
    }
    return objects
  }

  private static func texts(_ reader: inout JSONReader) throws -> [String] {
    var texts: [String] = []
    try reader.array { reader, _ in texts.append(try reader.string()) }
    return texts
  }
}
