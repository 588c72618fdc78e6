import Datasets
import Foundation
import Inputs
import Models

/// An evaluation as one HTML page that needs nothing beside it.
public struct EvaluationPage {
  private static let worst = 12
  private static let mostClasses = 500

  private let evaluation: TaskEvaluation
  private let task: TaskSpec
  private let data: any TaskDataset

  /// The page of an evaluation.
  public init(_ evaluation: TaskEvaluation, of task: TaskSpec, on data: any TaskDataset) {
    self.evaluation = evaluation
    self.task = task
    self.data = data
  }

  /// The page.
  ///
  /// - Parameter title: what was measured on what.
  /// - Throws: what reading the worst samples again throws.
  public func html(title: String) throws -> String {
    let style = """
      body{font:15px/1.45 system-ui,sans-serif;color:#1f2328;margin:2em auto;max-width:1100px;\
      padding:0 1em}table{border-collapse:collapse;font-variant-numeric:tabular-nums}\
      td,th{padding:.2em .8em;border-bottom:1px solid #d1d9e0;text-align:right}\
      td:first-child,th:first-child{text-align:left}img,svg{max-width:100%;height:auto}
      """
    let parts = [
      "<!DOCTYPE html>", "<html lang=\"en\"><head><meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width\">",
      "<title>\(escapedMarkup(title))</title><style>\(style)</style></head><body>",
      "<h1>\(escapedMarkup(title))</h1>", "<p>\(evaluation.count) samples</p>", figures, classes,
      confusion, try worst(), "</body></html>",
    ]
    return parts.joined(separator: "\n") + "\n"
  }

  private var figures: String {
    "<h2>Figures</h2>"
      + table(["figure", "value"], evaluation.metrics.map { [$0.name, Self.shown($0.value)] })
  }

  private var classes: String {
    let scores = ClassScores(evaluation, task: task)
    let rows = scores.rows.prefix(Self.mostClasses).map { [$0.name] + $0.values.map(Self.shown) }
    let left = scores.rows.count - rows.count
    return "<h2>Classes, the best first</h2>" + table(scores.columns, rows)
      + (left > 0 ? "<p>\(left) more are left out; --classwise writes all of them.</p>" : "")
  }

  private var confusion: String {
    let isDetection = evaluation.boxes != nil
    let names = task.labels + (isDetection ? ["background"] : [])
    let (figure, left) = ConfusionFigure.figure(evaluation.confusion, names: names)
    let rule =
      "Detections of at least \(BoxConfusion.threshold) are counted at the object that "
      + "they share half of the union with, else at the background."
    return "<h2>What was taken for what</h2><p>\(isDetection ? rule : "") "
      + (left > 0 ? "The \(left) rarer classes are left out." : "") + "</p>"
      + figure.svg(title: "Confusion matrix")
  }

  private func worst() throws -> String {
    let rightness = evaluation.rightness
    // Of two that are equally wrong the surer one is worse.
    let sureness = evaluation.predictions.map { prediction in
      switch prediction.answer {
      case .detections(let found): found.map(\.score).max() ?? 0
      case .ranked(let ranked): ranked.first?.score ?? 0
      }
    }
    let order = rightness.indices.filter { rightness[$0] < 1 }.sorted { a, b in
      (rightness[a], sureness[b], a) < (rightness[b], sureness[a], b)
    }
    guard !order.isEmpty else { return "<h2>Worst samples</h2><p>Every answer is right.</p>" }
    let pictures = try order.prefix(Self.worst).map { index in
      let sample = try data.sample(index)
      let prediction = evaluation.predictions[index]
      let tile = SampleTile(sample, answer: prediction.answer, task: task)
      let picture = SampleSheet.image([tile], title: "right by \(Self.shown(rightness[index]))")
      let encoded = Data(encodeJPEG(picture, quality: 80)).base64EncodedString()
      let name = escapedMarkup((prediction.sample as NSString).lastPathComponent)
      return "<p><img alt=\"\(name)\" width=\"\(picture.width)\" height=\"\(picture.height)\" "
        + "src=\"data:image/jpeg;base64,\(encoded)\"></p>"
    }
    return "<h2>Worst samples</h2><p>\(order.count) of \(evaluation.count) are not wholly right."
      + "</p>" + pictures.joined(separator: "\n")
  }

  private func table(_ head: [String], _ rows: [[String]]) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(escapedMarkup($0))</\(tag)>" }.joined() + "</tr>"
    }
    return
      "<table>\(row(head, "th"))\n\(rows.map { row($0, "td") }.joined(separator: "\n"))</table>"
  }

  private static func shown(_ value: Double) -> String {
    guard value.isFinite, value != -1 else { return "-" }
    let isCount = value.rounded() == value && value > 1
    return isCount ? ModelCard.grouped(Int(value)) : String(format: "%.4f", value)
  }
}
