import Checkpoints
import Foundation
import Inputs

/// The curves of a run: the loss of each task, the metrics, the learning rate.
enum RunCurves {
  /// Lines that can still be told apart in one chart.
  private static let most = 6

  /// Writes `curves.png` and `curves.svg`.
  static func write(_ history: RunHistory, name: String, to folder: String) throws {
    let figure = chart(history, name: name).figure
    try writeAtomically(encodePNG(figure.image()), to: folder + "/curves.png")
    try writeAtomically(
      Data(figure.svg(title: "Curves of \(name)").utf8), to: folder + "/curves.svg")
  }

  /// The charts of a history.
  static func chart(_ history: RunHistory, name: String) -> Chart {
    var panels = history.losses.map { curve in
      Chart.Panel(
        title: "\(curve.name): loss in training",
        series: [
          Chart.Series(
            name: "smoothed", points: thinned(smoothed(curve.points)), raw: thinned(curve.points))
        ], allowsLogarithm: true)
    }
    for (task, metrics) in byTask(history.metrics) {
      let title = task.isEmpty ? "evaluation" : "\(task): evaluation"
      for start in stride(from: 0, to: metrics.count, by: most) {
        let series = metrics[start..<min(start + most, metrics.count)]
        panels.append(metricPanel(title, Array(series)))
      }
    }
    if !history.rates.points.isEmpty {
      panels.append(
        Chart.Panel(
          title: "learning rate",
          series: [Chart.Series(name: "rate", points: thinned(history.rates.points))],
          includes: 0...0))
    }
    return Chart(title: "\(name), step \(history.lastStep)", panels: panels)
  }

  private static func metricPanel(_ title: String, _ series: [Chart.Series]) -> Chart.Panel {
    let values = series.flatMap(\.points).map(\.value).filter(\.isFinite)
    let areShares = values.allSatisfy { (0...1).contains($0) }
    // Small shares would be a flat line at the bottom of a chart up to 1.
    let top = (values.max() ?? 1) > 0.4 ? 1.0 : 0
    return Chart.Panel(
      title: areShares ? title + ", share of 1" : title, series: series,
      includes: areShares ? 0...top : nil)
  }

  /// The metrics of each task: what stands before the first slash of their names.
  private static func byTask(
    _ metrics: [RunHistory.Curve]
  ) -> [(task: String, metrics: [Chart.Series])] {
    var groups: [(task: String, metrics: [Chart.Series])] = []
    for metric in metrics {
      let parts = metric.name.split(separator: "/", maxSplits: 1).map(String.init)
      let (task, name) = parts.count == 2 ? (parts[0], parts[1]) : ("", metric.name)
      // The figures by size and by number of boxes would hide the curves that tell most.
      if ["APs", "APm", "APl", "AR1", "AR10", "ARs", "ARm", "ARl"].contains(name) { continue }
      // COCO's -1 says that there was nothing to measure.
      let points = metric.points.map { point in
        RunHistory.Point(step: point.step, value: point.value == -1 ? .nan : point.value)
      }
      let series = Chart.Series(name: name, points: points)
      if let place = groups.firstIndex(where: { $0.task == task }) {
        groups[place].metrics.append(series)
      } else {
        groups.append((task, [series]))
      }
    }
    return groups
  }

  /// A moving average over about a twentieth of the points, without a bias to the first one.
  static func smoothed(_ points: [RunHistory.Point]) -> [RunHistory.Point] {
    let keeps = 1 - 2 / (max(3, Double(points.count) / 20) + 1)
    var (sum, weight) = (0.0, 0.0)
    return points.map { point in
      guard point.value.isFinite else { return point }
      sum = keeps * sum + (1 - keeps) * point.value
      weight = keeps * weight + (1 - keeps)
      return RunHistory.Point(step: point.step, value: sum / weight)
    }
  }

  /// At most about 600 points: the smallest and the largest of each stretch.
  static func thinned(_ points: [RunHistory.Point]) -> [RunHistory.Point] {
    let stretches = 300
    guard points.count > 2 * stretches else { return points }
    return (0..<stretches).flatMap { index in
      let stretch = points[
        index * points.count / stretches..<(index + 1) * points.count / stretches]
      let finite = stretch.indices.filter { points[$0].value.isFinite }
      guard let least = finite.min(by: { points[$0].value < points[$1].value }),
        let most = finite.max(by: { points[$0].value < points[$1].value })
      else { return stretch.first.map { [$0] } ?? [] }
      return Set([least, most]).sorted().map { points[$0] }
    }
  }
}
