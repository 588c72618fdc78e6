import Foundation

extension ModelCard {
  /// The YAML at the head of the card, which Hugging Face's search and tables read.
  func head(_ moment: Moment) -> [String] {
    var lines = ["---", "license: \(yaml(recipe.card?.license ?? "unknown"))"]
    if let language = recipe.card?.language { lines.append("language: \(yaml(language))") }
    let kinds = unique(learnt.map(\.task.hubName))
    if let first = kinds.first { lines.append("pipeline_tag: \(first)") }
    lines.append("tags: [\((["unit"] + kinds).joined(separator: ", "))]")
    let data = unique(recipe.tasks.map(\.dataset.kind)).map(yaml)
    lines.append("datasets: [\(data.joined(separator: ", "))]")
    lines += index(moment)
    return lines + ["---"]
  }

  /// The figures in the form of `model-index`.
  private func index(_ moment: Moment) -> [String] {
    let measured = learnt.compactMap { entry, task in
      let metrics = figures(of: task.name, moment)
      return metrics.isEmpty ? nil : (entry: entry, task: task, metrics: metrics)
    }
    guard !measured.isEmpty else { return [] }
    var lines = ["model-index:", "  - name: \(yaml(title))", "    results:"]
    for (entry, task, metrics) in measured {
      let split = entry.dataset.evaluationSplit ?? ""
      lines += [
        "      - task: {type: \(task.hubName), name: \(yaml(task.name))}",
        "        dataset: {type: \(yaml(entry.dataset.kind)), "
          + "name: \(yaml(Self.lastPart(entry.dataset.path))), split: \(yaml(split))}",
        "        metrics:",
      ]
      lines += metrics.map { metric in
        "          - {type: \(yaml(metric.name)), value: \(Self.number(metric.value)), "
          + "name: \(yaml(metric.name))}"
      }
    }
    return lines
  }

  /// The finite figures of a task, without its name; COCO's -1, which stands for nothing to measure,
  /// is left out.
  func figures(of task: String, _ moment: Moment) -> [(name: String, value: Double)] {
    (moment.evaluation?.metrics ?? []).compactMap { name, value in
      guard name.hasPrefix(task + "/"), value.isFinite, value != -1 else { return nil }
      return (String(name.dropFirst(task.count + 1)), value)
    }
  }

  /// A figure with four digits after the point.
  static func number(_ value: Double) -> String { String(format: "%.4f", value) }

  /// A text as YAML takes it on one line: JSON's strings are YAML.
  private func yaml(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let isWord =
      text.first?.isLetter == true
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    let meansAnotherType = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
    if isWord, !meansAnotherType.contains(text.lowercased()) { return text }
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }

  private func unique(_ words: [String]) -> [String] {
    words.reduce(into: []) { list, word in if !list.contains(word) { list.append(word) } }
  }
}
