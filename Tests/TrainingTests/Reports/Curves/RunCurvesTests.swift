import Foundation
import Inputs
import Testing

@testable import Training

struct RunCurvesTests {
  private func history(steps: Int) -> RunHistory {
    var history = RunHistory()
    for step in 1...steps {
      let task = step % 3 == 0 ? "vqa" : "detection"
      history.add(step: step, task: task, loss: 20 / Double(step) + Double(step % 7) * 0.01)
      history.add(step: step, rate: 1e-3 * Double(step) / Double(steps))
    }
    for step in [steps / 2, steps] where step > 0 {
      history.add(
        step: step,
        metrics: [
          ("detection/AP", 0.3), ("detection/APs", -1), ("detection/AP75", -1), ("vqa/accuracy", 1),
          ("weight", -7.5), ("<&\">", .nan),
        ])
    }
    return history
  }

  @Test func everyTaskAndMetricHasItsChart() {
    let chart = RunCurves.chart(history(steps: 100), name: "one")
    #expect(
      chart.panels.map(\.title) == [
        "detection: loss in training", "vqa: loss in training", "detection: evaluation, share of 1",
        "vqa: evaluation, share of 1", "evaluation", "learning rate",
      ])
    #expect(chart.panels[2].series.map(\.name) == ["AP", "AP75"])
    #expect(chart.panels[2].series[1].points.allSatisfy { $0.value.isNaN })
    #expect(chart.panels[0].axis.isLogarithmic)
    #expect(chart.panels[3].axis.range == 0...1)
  }

  @Test(arguments: [1, 2, 5000]) func bothFilesAreWritten(steps: Int) throws {
    let folder = TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    try RunCurves.write(history(steps: steps), name: "a <run>", to: folder.path)
    let picture = try Image(contentsOf: folder.path + "/curves.png")
    #expect(picture.width == 2160 && picture.pixels.contains { $0 < 100 })
    let document = folder.text("curves.svg")
    #expect(document.utf8.count < 200_000)
    #expect(document.contains("a &lt;run&gt;") && !document.contains("nan"))
    try expectWellFormed(document)
  }

  @Test func anEmptyHistoryIsNoProblem() {
    let figure = RunCurves.chart(RunHistory(), name: "none").figure
    #expect(figure.image().width > 0 && figure.svg(title: "none").contains("</svg>"))
  }

  @Test func smoothingFollowsWithoutABias() {
    let flat = (1...50).map { RunHistory.Point(step: $0, value: 3) }
    #expect(RunCurves.smoothed(flat).allSatisfy { abs($0.value - 3) < 1e-12 })
    let noisy = (1...1000).map { RunHistory.Point(step: $0, value: $0 % 2 == 0 ? 0 : 2) }
    #expect(RunCurves.smoothed(noisy).suffix(500).allSatisfy { abs($0.value - 1) < 0.1 })
  }

  @Test func thinningKeepsPeaks() {
    var points = (0..<10_000).map { RunHistory.Point(step: $0, value: 1) }
    points[4321].value = 99
    points[77].value = -99
    points[5000].value = .nan
    let thin = RunCurves.thinned(points)
    #expect(thin.count <= 600 && thin.map(\.value).max() == 99 && thin.map(\.value).min() == -99)
    #expect(zip(thin, thin.dropFirst()).allSatisfy { $0.step < $1.step })
  }

  // WCAG 2.1 asks for a contrast of 3 for graphics and of 4.5 for text.
  @Test func coloursStandOutFromWhite() {
    for colour in Chart.colours { #expect(1.05 / (colour.luminance + 0.05) >= 4.5) }
  }
}

/// Whether tags close each other and attributes are quoted.
private func expectWellFormed(_ document: String) throws {
  var open: [Substring] = []
  for part in document.split(separator: "<") {
    let tag = try #require(part.split(separator: ">", omittingEmptySubsequences: false).first)
    let name = tag.prefix { !" /".contains($0) }
    if tag.hasPrefix("/") {
      #expect(open.popLast() == tag.dropFirst())
    } else if !tag.hasSuffix("/") {
      open.append(name)
    }
    #expect(tag.filter { $0 == "\"" }.count % 2 == 0, "\(tag)")
  }
  #expect(open.isEmpty)
}
