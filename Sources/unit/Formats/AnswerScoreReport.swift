import Metrics

/// VQA's accuracies as people and scripts read them, in percent.
struct AnswerScoreReport {
  /// Name of the metric.
  let metric: String
  /// What was scored.
  let scores: AnswerScores

  private static let aspects = [
    ("question_type", "Per Question Type Accuracy is the following:", "perQuestionType"),
    ("answer_type", "Per Answer Type Accuracy is the following:", "perAnswerType"),
  ]

  /// The layout of the VQA challenge's program, two decimals.
  var text: String {
    var text = "metric \(metric), \(scores.count) questions\n\n"
    text += "Overall Accuracy is: \((100 * scores.overall).decimals(2))\n"
    for (aspect, title, _) in Self.aspects {
      let kinds = scores.byKind(aspect)
      guard !kinds.isEmpty else { continue }
      text += "\n\(title)\n"
      text += kinds.map { "\($0.kind) : \((100 * $0.accuracy).decimals(2))\n" }.joined()
    }
    return text
  }

  /// The unrounded numbers by the names of the VQA challenge's program.
  var json: JSONText {
    let kinds = Self.aspects.map { aspect, _, name in
      let values = scores.byKind(aspect).map {
        JSONText.Field(name: $0.kind, value: .double(100 * $0.accuracy))
      }
      return JSONText.Field(name: name, value: .object(values))
    }
    return .object(
      [
        .init(name: "schema", value: 1), .init(name: "metric", value: .string(metric)),
        .init(name: "questions", value: .integer(scores.count)),
        .init(name: "overall", value: .double(100 * scores.overall)),
      ] + kinds)
  }
}
