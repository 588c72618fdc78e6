import JSONStream

/// Detections in COCO's results format: a list of `image_id`, `category_id`, `bbox`, `score`.
public struct CocoResults: Sendable, Equatable {
  /// A found object.
  public struct Detection: Sendable, Equatable {
    /// Id of the picture.
    public var picture: Int
    /// Id of the category.
    public var category: Int
    /// Where it is, in pixels.
    public var box: CocoBox
    /// How sure the model is.
    public var score: Double
  }

  /// The detections in the order of the file.
  public var detections: [Detection] = []

  /// Reads a file of results for some pictures.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - pictures: ids of the pictures that may occur; any, if nil.
  /// - Throws: `JSONError`; also for a picture that is not among them, as COCO's own program does.
  public init(path: String, pictures: Set<Int>? = nil) throws {
    let file = try JSONFile(path: path)
    self = try file.read { try CocoResults(from: &$0, pictures: pictures) }
  }

  /// Reads results as the next value.
  ///
  /// - Throws: `JSONError`.
  public init(from reader: inout JSONReader, pictures: Set<Int>? = nil) throws {
    guard try reader.peek() == .array else {
      throw reader.unexpected("COCO's results, a list of detections").advising(
        "give a list of {\"image_id\", \"category_id\", \"bbox\", \"score\"}, as "
          + "'unit detect --format coco' writes it")
    }
    try reader.array { reader, _ in
      let start = reader.place()
      var (picture, category): (Int?, Int?)
      var box: CocoBox?
      var score: Double?
      try reader.object { reader, key in
        switch key {
        case "image_id": picture = try reader.id(among: pictures, of: "picture")
        case "category_id": category = try reader.integer()
        case "bbox": box = try CocoBox(from: &reader)
        case "score": score = try reader.double()
        default: try reader.skip()
        }
      }
      detections.append(
        Detection(
          picture: try reader.required(picture, "image_id", at: start),
          category: try reader.required(category, "category_id", at: start),
          box: try reader.required(box, "bbox", at: start),
          score: try reader.required(score, "score", at: start)))
    }
  }
}
