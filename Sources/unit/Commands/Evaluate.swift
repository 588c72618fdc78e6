import ArgumentParser
import Checkpoints
import Datasets
import Foundation
import Heads
import Scenes
import Training

/// Measures a model on a data set.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model on a data set.",
    discussion: """
      Examples:
        unit evaluate --task vqa --data easy_vqa/data --split test
        unit evaluate --task detection --data easy_vqa/data --predictions found.jsonl
        unit evaluate --task detection --data coco --kind coco --split val
        unit evaluate --task detection --data coco --kind coco --split val --report page.html

      A detection task gets COCO's twelve numbers and the share of objects with the right \
      attribute, the others get their accuracy.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @OptionGroup var labelOptions: LabelOptions

  @Option(help: "Folder or file of the data set; {split} in it stands for --split.")
  var data: String

  @Option(help: "Reader of the data set: \(DatasetRegistry.names.joined(separator: ", ")).")
  var kind = DatasetRegistry.names[0]

  @Option(help: "Part of the data set.")
  var split = "test"

  @Option(help: "text or json.", transform: ReportFormat.named)
  var format = ReportFormat.text

  @Option(help: "Write every answer to this file, one JSON object a line.")
  var predictions: String?

  @Option(help: "Write the figures of every class to this file, comma-separated, the best first.")
  var classwise: String?

  @Option(
    name: .customLong("report"),
    help: "Write a page of HTML to this file: figures, classes, confusion, worst samples.")
  var page: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let notes = common.notes
    guard let name = modelOptions.task else {
      throw Failure(
        .usage, "--task is missing", advice: "name the task to measure; 'unit inspect' lists them")
    }
    let predictions = try predictions.map { try ResultOutput($0) }
    let (classwise, page) = (
      try classwise.map { try ResultOutput($0) }, try page.map { try ResultOutput($0) }
    )
    let model = try modelOptions.openTrainable(
      notes, labels: labelOptions.replacement(task: name, use: nil))
    let task = try model.task(named: name)
    let source = DatasetSource(kind: kind, path: data, split: split)
    let comesWithUs = kind == "scenes" && SceneRecipes.file(source.place) != nil
    guard comesWithUs || FileManager.default.fileExists(atPath: source.place) else {
      throw Failure(
        .missingInput, "\(source.place): there is no such file or folder\(nearby(source.place))")
    }
    let dataset = try DatasetRegistry.open(source, for: task)
    let evaluation = try TaskEvaluation(of: model, task: task, on: dataset) { done in
      notes.progress("\(done) of \(dataset.count) samples")
    }
    notes.endProgress()
    try StandardOutput.write(report(evaluation))
    if var predictions {
      for prediction in evaluation.predictions {
        try predictions.write(prediction.json.text + "\n")
      }
      try predictions.finish()
    }
    if var classwise {
      try classwise.write(ClassScores(evaluation, task: task).csv)
      try classwise.finish()
    }
    if var page {
      let title = "\(task.name) on \(split) of \((data as NSString).lastPathComponent)"
      try page.write(
        EvaluationPage(evaluation, of: task, on: dataset).html(title: title))
      try page.finish()
    }
  }

  private func report(_ evaluation: TaskEvaluation) -> String {
    switch format {
    case .json:
      let metrics = evaluation.metrics.map {
        JSONText.Field(name: $0.name, value: .double($0.value))
      }
      let report: JSONText = [
        "schema": 1, "task": .string(modelOptions.task ?? ""), "split": .string(split),
        "samples": .integer(evaluation.count), "metrics": .object(metrics),
      ]
      return report.text + "\n"
    case .text:
      let width = evaluation.metrics.map(\.name.count).max() ?? 0
      let lines = evaluation.metrics.map { metric in
        metric.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
          + metric.value.decimals(4) + "\n"
      }
      return "\(evaluation.count) samples of \(split)\n" + lines.joined()
    }
  }
}

extension TaskEvaluation.Prediction {
  fileprivate var json: JSONText {
    switch answer {
    case .detections(let found):
      ["sample": .string(sample), "detections": .array(found.map(\.json))]
    case .ranked(let ranked): ["sample": .string(sample), "answers": .ranked(ranked)]
    }
  }
}
