import Foundation
import Heads
import Models

extension ModelCard {
  /// The whole card.
  func text(_ moment: Moment) -> String {
    let sections = [
      head(moment), ["# " + title, introduction], taskSection, dataSection, metricSection(moment),
      trainingSection(moment), limitSection,
    ]
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var introduction: String {
    let kinds = learnt.map { "`\($0.task.name)` (\(Self.purpose($0.task)))" }
    let all = Self.grouped(parameters.all)
    let part = parameters.trainable == parameters.all ? "all" : Self.grouped(parameters.trainable)
    return """

      A [UniT](https://arxiv.org/abs/2102.10772), one Transformer for \(Self.listed(kinds)), written \
      by UniT for Swift. It has \(all) parameters, of which \(part) were trained, stored as 32-bit \
      floats; `config.json` has its dimensions.
      """
  }

  private var taskSection: [String] {
    var lines = [
      "## Tasks", "", "| task | head | reads | labels | attributes |", "|---|---|---|---|---|",
    ]
    for (_, task) in learnt {
      let labels = task.labels.count { !$0.isEmpty }
      let reads = task.inputs.map { $0 == .image ? "picture" : "text" }.joined(separator: ", ")
      lines.append(
        "| \(cell(task.name)) | \(task.head) | \(reads) | \(labels) | "
          + "\(task.attributes.map { "\($0.labels.count)" } ?? "-") |")
    }
    lines.append("")
    for (_, task) in learnt {
      let names = task.labels.filter { !$0.isEmpty }
      let shown = names.prefix(20).map(plain).joined(separator: ", ")
      let rest = names.count > 20 ? " and \(names.count - 20) more" : ""
      lines.append("* `\(task.name)`: \(shown)\(rest)")
    }
    return lines
  }

  private var dataSection: [String] {
    var lines = [
      "## Data", "", "| task | kind | name | part | samples | measured on | samples |",
      "|---|---|---|---|---|---|---|",
    ]
    for entry in recipe.tasks {
      let count = samples.first { $0.task == entry.task }
      let data = entry.dataset
      lines.append(
        "| \(cell(entry.task)) | \(cell(data.kind)) | \(cell(Self.lastPart(data.path))) | "
          + "\(cell(data.split)) | \(count.map { Self.grouped($0.learnt) } ?? "-") | "
          + "\(cell(data.evaluationSplit ?? "-")) | "
          + "\(count?.measured.map(Self.grouped) ?? "-") |")
    }
    return lines
  }

  private func metricSection(_ moment: Moment) -> [String] {
    guard let evaluation = moment.evaluation else {
      return ["## Measured", "", "These weights have not been measured."]
    }
    let rows = evaluation.metrics.filter { $0.value.isFinite && $0.value != -1 }
    var lines = ["## Measured", "", "At step \(Self.grouped(evaluation.step))"]
    lines[2] += recipe.average == nil ? ":" : ", with the moving average of the weights:"
    lines += ["", "| figure | value |", "|---|---|"]
    lines += rows.map { "| \(cell($0.name)) | \(Self.number($0.value)) |" }
    return lines
  }

  private func trainingSection(_ moment: Moment) -> [String] {
    let optimizer = recipe.optimizer
    var lines = [
      "## Training", "",
      "* \(Self.grouped(moment.step)) of \(Self.grouped(recipe.steps)) steps in "
        + "\(ProgressLine.clock(moment.seconds)) (hours, minutes, seconds), seed \(recipe.seed)",
      "* " + begin,
      "* AdamW: rate \(Self.short(optimizer.groups.learningRate)), weight decay "
        + "\(Self.short(optimizer.groups.weightDecay)), betas "
        + optimizer.betas.map(Self.short).joined(separator: " and ")
        + (optimizer.clip.map { ", gradients clipped to \(Self.short($0))" } ?? ""),
      "* schedule: \(recipe.schedule.kind.rawValue) after \(Self.grouped(recipe.schedule.warmup)) "
        + "steps of warm-up",
    ]
    lines += optimizer.groups.groups.map { group in
      var parts: [String] = []
      if let rate = group.learningRate { parts.append("rate \(Self.short(rate))") }
      if let decay = group.weightDecay { parts.append("weight decay \(Self.short(decay))") }
      return "* `\(group.match)`: " + parts.joined(separator: ", ")
    }
    if !optimizer.groups.frozen.isEmpty {
      lines.append(
        "* not trained: " + optimizer.groups.frozen.map { "`\($0)`" }.joined(separator: ", "))
    }
    if let average = recipe.average {
      lines.append("* moving average of the weights, decay \(Self.short(average.decay))")
    }
    for entry in recipe.tasks {
      lines.append(
        "* `\(entry.task)`: batches of \(entry.batch), ratio \(Self.short(entry.ratio)), weight of "
          + "the loss \(Self.short(entry.lossWeight))" + Self.changes(entry.augmentation))
    }
    if let shownCommand { lines += ["", "```sh", shownCommand, "```"] }
    return lines
  }

  private var begin: String {
    if let weights = recipe.weights { return "began with the weights `\(Self.lastPart(weights))`" }
    let parts = [recipe.parts?.image, recipe.parts?.text].compactMap { $0 }
    return parts.isEmpty
      ? "began with random weights"
      : "began with " + Self.listed(parts.map { "`\(Self.lastPart($0))`" })
        + ", the rest with random weights"
  }

  private var limitSection: [String] {
    let metric = recipe.monitor.metric.map { "`\($0)`" } ?? "the first figure"
    var lines = [
      "## Limits", "",
      "* It was measured on the data named above only; how it answers on other data is unknown.",
      "* It answers with the labels of its tasks only, also where none of them fits.",
    ]
    if recipe.tasks.contains(where: { $0.dataset.evaluationSplit != nil }) {
      lines.append(
        "* The best checkpoint was chosen by \(metric) on the data that it was measured on, so the "
          + "figures are a little too good.")
    }
    for entry in recipe.tasks where entry.dataset.evaluationSplit == entry.dataset.split {
      lines.append("* `\(entry.task)` was measured on the very samples that it learnt from.")
    }
    for entry in recipe.tasks where entry.dataset.evaluationSplit == nil {
      lines.append("* `\(entry.task)` was not measured.")
    }
    return lines
  }
}

// Wording -------------------------------------------------------------------------------------------

extension ModelCard {
  private static func purpose(_ task: TaskSpec) -> String {
    switch task.hubName {
    case "object-detection": "objects in pictures"
    case "visual-question-answering": "texts about pictures"
    case "image-classification": "classes of pictures"
    default: "classes of texts"
    }
  }

  private static func changes(_ augmentation: PictureAugmentation) -> String {
    var changes: [String] = []
    if augmentation.flips { changes.append("mirrored at random") }
    if augmentation.shift > 0 { changes.append("moved by up to \(augmentation.shift) pixels") }
    return changes.isEmpty ? "" : ", pictures " + listed(changes)
  }

  private static func short(_ value: Double) -> String { AxisTicks.short(value) }

  /// A whole number as `12,345`.
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.indices.reduce(into: "") { text, place in
      let left = digits.count - place
      if place > 0, left % 3 == 0, digits[place - 1] != "-" { text.append(",") }
      text.append(digits[place])
    }
  }

  /// A text that Markdown shows as it is.
  private func plain(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if "\\`*_[]<>#|".contains(character) { result.append("\\") }
      result.append(character.isNewline ? " " : character)
    }
  }

  private func cell(_ text: String) -> String { plain(text) }
}
