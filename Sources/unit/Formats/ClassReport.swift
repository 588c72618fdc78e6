import Heads
import Models

/// The classes of one picture.
struct ClassReport {
  /// The picture's path, or `-`.
  let file: String
  /// The task that found them.
  let task: TaskSpec
  /// Most probable first.
  let ranked: [RankedAnswer]

  /// The result as this program's own format, version 1.
  var json: JSONText {
    [
      "schema": 1, "file": .string(file), "task": .string(task.name),
      "classes": .array(ranked.map(entry)),
    ]
  }

  private func entry(_ answer: RankedAnswer) -> JSONText {
    var fields = [JSONText.Field(name: "label", value: .string(answer.answer))]
    if let row = task.labels.firstIndex(of: answer.answer) {
      fields.append(.init(name: "class_id", value: .integer(task.labelIDs?[row] ?? row)))
    }
    fields.append(.init(name: "score", value: .number(answer.score)))
    return .object(fields)
  }

  /// The result as Hugging Face's image-classification pipeline gives it.
  var huggingFace: JSONText {
    .array(ranked.map { ["label": .string($0.answer), "score": .number($0.score)] })
  }

  /// The result for people.
  func text(naming: Bool) -> String { (naming ? "\(file)\n" : "") + rankedText(ranked) }
}
