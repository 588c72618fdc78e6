import Metrics

/// The numbers of labels as people and scripts read them.
struct ClassificationScoreReport {
  /// Names of the classes.
  let classes: [String]
  /// The class whose F1 is reported by itself.
  let positive: Int?
  /// How often each class was taken for each.
  let matrix: ConfusionMatrix
  /// What is wanted.
  let metric: ClassificationMetric

  /// The single numbers that are wanted, by name.
  private var numbers: [Number] {
    var numbers = [
      Number(metric: .accuracy, title: "accuracy", name: "accuracy", value: matrix.accuracy)
    ]
    if let positive {
      numbers.append(
        Number(
          metric: .f1, title: "F1 of \(classes[positive])", name: "f1", value: matrix.f1(positive)))
    }
    numbers += [
      Number(metric: .macroF1, title: "macro F1", name: "macro_f1", value: matrix.macroF1),
      Number(
        metric: .matthews, title: "Matthews correlation", name: "matthews",
        value: matrix.matthewsCorrelation),
    ]
    return numbers.filter { metric == .all || metric == $0.metric }
  }

  private struct Number {
    let metric: ClassificationMetric
    let title: String
    let name: String
    let value: Double
  }

  /// Four decimals; for everything also the classes and, up to 30 of them, the confusions.
  var text: String {
    let lines = table(numbers.map { [$0.title, $0.value.decimals(4)] })
    guard metric == .all else { return lines }
    var text = "\(matrix.count) examples, \(classes.count) classes\n" + lines + "\n"
    text += table(
      [["class", "precision", "recall", "F1", "examples"]]
        + classes.indices.map { position in
          [
            classes[position], matrix.precision(position).decimals(4),
            matrix.recall(position).decimals(4), matrix.f1(position).decimals(4),
            "\(examples(position))",
          ]
        })
    guard classes.count <= 30 else { return text }
    text += "\n"
    text += table(
      [["true \\ predicted"] + classes]
        + classes.indices.map { truth in
          [classes[truth]] + classes.indices.map { "\(matrix[truth: truth, prediction: $0])" }
        })
    return text
  }

  /// The unrounded numbers.
  var json: JSONText {
    let fields: [JSONText.Field] =
      [
        .init(name: "schema", value: 1),
        .init(name: "examples", value: .integer(matrix.count)),
      ] + numbers.map { .init(name: $0.name, value: .double($0.value)) }
    guard metric == .all else { return .object(fields) }
    let perClass = classes.indices.map { position -> JSONText in
      [
        "class": .string(classes[position]), "precision": .double(matrix.precision(position)),
        "recall": .double(matrix.recall(position)), "f1": .double(matrix.f1(position)),
        "examples": .integer(examples(position)),
      ]
    }
    let confusion = classes.indices.map { truth in
      JSONText.array(
        classes.indices.map { .integer(matrix[truth: truth, prediction: $0]) })
    }
    return .object(
      fields + [
        .init(name: "positive", value: positive.map { .string(classes[$0]) } ?? .null),
        .init(name: "classes", value: .array(perClass)),
        .init(name: "confusion", value: .array(confusion)),
      ])
  }

  private func examples(_ position: Int) -> Int {
    classes.indices.reduce(0) { $0 + matrix[truth: position, prediction: $1] }
  }
}
