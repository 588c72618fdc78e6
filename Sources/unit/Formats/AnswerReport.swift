import Foundation
import Heads

/// The answers to questions about one picture.
struct AnswerReport {
  /// The picture's path, or `-`.
  let file: String
  /// The questions, each with its answers, most probable first.
  let answers: [(question: String, ranked: [RankedAnswer])]

  /// The result as this program's own format, version 1.
  var json: JSONText {
    [
      "schema": 1, "file": .string(file),
      "answers": .array(
        answers.map { ["question": .string($0.question), "answers": .ranked($0.ranked)] }),
    ]
  }

  /// The result as Hugging Face's question-answering pipeline gives it: a list of answers for one
  /// question, a list of such lists for several.
  var huggingFace: JSONText {
    let lists = answers.map { answer in
      JSONText.array(
        answer.ranked.map { ["score": .number($0.score), "answer": .string($0.answer)] })
    }
    return lists.count == 1 ? lists[0] : .array(lists)
  }

  /// The result for people.
  func text(naming: Bool) -> String {
    var text = naming ? "\(file)\n" : ""
    for answer in answers {
      if answers.count > 1 { text += answer.question.singleLine + "\n" }
      text += rankedText(answer.ranked)
    }
    return text
  }
}

/// Answers one a line, aligned.
func rankedText(_ ranked: [RankedAnswer]) -> String {
  let width = ranked.map(\.answer.count).max() ?? 0
  return ranked.map { answer in
    let name = answer.answer.padding(toLength: width, withPad: " ", startingAt: 0)
    return "\(name)  \(answer.score.decimals(3))\n"
  }.joined()
}

extension JSONText {
  /// A list of answers with their scores.
  static func ranked(_ answers: [RankedAnswer]) -> JSONText {
    .array(answers.map { ["answer": .string($0.answer), "score": .number($0.score)] })
  }
}
