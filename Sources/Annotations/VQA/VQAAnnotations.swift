import JSONStream

/// The answers that people gave to questions about pictures, in VQAv2's format.
public struct VQAAnnotations: Sendable, Equatable {
  /// One question's answers.
  public struct Question: Sendable, Equatable {
    /// Id of the question.
    public var id: Int
    /// How the question begins, such as "how many"; empty if it is not given.
    public var questionType: String
    /// "yes/no", "number" or "other"; empty if it is not given.
    public var answerType: String
    /// What people answered, ten in VQAv2; at least one.
    public var answers: [String]
  }

  /// The questions in the order of the file.
  public var questions: [Question] = []

  /// Reads a file such as `v2_mscoco_val2014_annotations.json`.
  ///
  /// - Throws: `JSONError`.
  public init(path: String) throws {
    let file = try JSONFile(path: path)
    self = try file.read { try VQAAnnotations(from: &$0) }
  }

  /// Reads annotations as the next value.
  ///
  /// - Throws: `JSONError`.
  public init(from reader: inout JSONReader) throws {
    try reader.lists(["annotations"], of: "VQA's annotations") { reader, _ in
      try readQuestions(&reader)
    }
  }

  private mutating func readQuestions(_ reader: inout JSONReader) throws {
    var ids: Set<Int> = []
    try reader.array { reader, _ in
      let start = reader.place()
      var id: Int?
      var answers: [String]?
      var (questionType, answerType) = ("", "")
      try reader.object { reader, key in
        switch key {
        case "question_id": id = try reader.newID(&ids)
        case "question_type": questionType = try reader.optional { try $0.string() } ?? ""
        case "answer_type": answerType = try reader.optional { try $0.string() } ?? ""
        case "answers": answers = try Self.answers(&reader)
        default: try reader.skip()
        }
      }
      questions.append(
        Question(
          id: try reader.required(id, "question_id", at: start), questionType: questionType,
          answerType: answerType, answers: try reader.required(answers, "answers", at: start)))
    }
  }

  /// Reads `[{"answer": "yes", ...}, ...]`.
  private static func answers(_ reader: inout JSONReader) throws -> [String] {
    let place = reader.place()
    var answers: [String] = []
    try reader.array { reader, _ in
      let start = reader.place()
      var answer: String?
      try reader.object { reader, key in
        if key == "answer" { answer = try reader.string() } else { try reader.skip() }
      }
      answers.append(try reader.required(answer, "answer", at: start))
    }
    guard !answers.isEmpty else {
      throw reader.unexpected("one answer or more", found: "none", at: place)
    }
    return answers
  }
}
