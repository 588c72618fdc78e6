import JSONStream

/// Questions about pictures, in VQAv2's format.
public struct VQAQuestions: Sendable, Equatable {
  /// One question.
  public struct Question: Sendable, Equatable {
    /// Id of the question.
    public var id: Int
    /// Id of the picture.
    public var picture: Int
    /// The question.
    public var text: String
  }

  /// The questions in the order of the file.
  public var questions: [Question] = []
  /// Names of the pictures' files by id, if the file has them in a list `images` as COCO's
  /// annotations do; VQAv2 itself has none.
  public var fileNames: [Int: String] = [:]

  /// Reads a file such as `v2_OpenEnded_mscoco_val2014_questions.json`.
  ///
  /// - Throws: `JSONError`.
  public init(path: String) throws {
    let file = try JSONFile(path: path)
    self = try file.read { try VQAQuestions(from: &$0) }
  }

  /// Reads questions as the next value.
  ///
  /// - Throws: `JSONError`.
  public init(from reader: inout JSONReader) throws {
    try reader.lists(["questions"], optional: ["images"], of: "VQA's questions") { reader, name in
      if name == "images" { return try readFileNames(&reader) }
      var ids: Set<Int> = []
      try reader.array { reader, _ in
        let start = reader.place()
        var (id, picture): (Int?, Int?)
        var text: String?
        try reader.object { reader, key in
          switch key {
          case "question_id": id = try reader.newID(&ids)
          case "image_id": picture = try reader.integer()
          case "question": text = try reader.string()
          default: try reader.skip()
          }
        }
        questions.append(
          Question(
            id: try reader.required(id, "question_id", at: start),
            picture: try reader.required(picture, "image_id", at: start),
            text: try reader.required(text, "question", at: start)))
      }
    }
  }

  private mutating func readFileNames(_ reader: inout JSONReader) throws {
    try reader.array { reader, _ in
      var id: Int?
      var name: String?
      try reader.object { reader, key in
        switch key {
        case "id": id = try reader.integer()
        case "file_name": name = try reader.optional { try $0.string() }
        default: try reader.skip()
        }
      }
      if let id, let name { fileNames[id] = name }
    }
  }
}
