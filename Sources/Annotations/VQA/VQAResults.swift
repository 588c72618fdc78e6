import JSONStream

/// A model's answers in VQA's results format: a list of `question_id` and `answer`.
public struct VQAResults: Sendable, Equatable {
  /// The answer to each question, by its id.
  public var answers: [Int: String] = [:]

  /// Reads a file of results.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - questions: ids of the questions that may occur; any, if nil.
  /// - Throws: `JSONError`; also for a question that is not among them, and for one that has two
  ///   different answers.
  public init(path: String, questions: Set<Int>? = nil) throws {
    let file = try JSONFile(path: path)
    self = try file.read { try VQAResults(from: &$0, questions: questions) }
  }

  /// Reads results as the next value.
  ///
  /// - Throws: `JSONError`.
  public init(from reader: inout JSONReader, questions: Set<Int>? = nil) throws {
    guard try reader.peek() == .array else {
      throw reader.unexpected("VQA's results, a list of answers").advising(
        "give a list of {\"question_id\", \"answer\"}")
    }
    try reader.array { reader, _ in
      let start = reader.place()
      var id: Int?
      var answer: String?
      try reader.object { reader, key in
        switch key {
        case "question_id": id = try reader.id(among: questions, of: "question")
        case "answer": answer = try reader.string()
        default: try reader.skip()
        }
      }
      let question = try reader.required(id, "question_id", at: start)
      let text = try reader.required(answer, "answer", at: start)
      // Programs that evaluate on several machines repeat some questions, with the same answer.
      if let before = answers.updateValue(text, forKey: question), before != text {
        throw reader.unexpected(
          "one answer to the question \(question)",
          found: "'\(before.prefix(40))' before and '\(text.prefix(40))' here", at: start)
      }
    }
  }
}
