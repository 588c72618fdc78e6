import Heads

/// What was found out about a text or a pair of texts.
struct ReadReport {
  /// What a task gives.
  enum Outcome {
    /// Answers, most probable first.
    case ranked([RankedAnswer])
    /// The text as a vector.
    case vector([Float])
  }

  /// The task that found it out.
  let task: String
  /// The text.
  let text: String
  /// The second text of a pair.
  let second: String?
  /// What was found out.
  let outcome: Outcome

  /// The result as this program's own format, version 1.
  var json: JSONText {
    let found: JSONText.Field =
      switch outcome {
      case .ranked(let ranked): .init(name: "answers", value: .ranked(ranked))
      case .vector(let numbers):
        .init(name: "embedding", value: .array(numbers.map(JSONText.number)))
      }
    return .object([
      .init(name: "schema", value: 1), .init(name: "task", value: .string(task)),
      .init(name: "text", value: .string(text)),
      .init(name: "second", value: second.map(JSONText.string) ?? .null), found,
    ])
  }

  /// The result for people: the answers, or the vector's numbers on one line.
  var plainText: String {
    switch outcome {
    case .ranked(let ranked): rankedText(ranked)
    case .vector(let numbers): numbers.map { "\($0)" }.joined(separator: " ") + "\n"
    }
  }
}
