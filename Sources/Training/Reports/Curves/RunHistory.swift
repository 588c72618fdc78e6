import Foundation

/// What a run has logged so far, as curves over the steps.
struct RunHistory {
  /// A value at a step.
  struct Point: Equatable {
    /// The step.
    var step: Int
    /// The value.
    var value: Double
  }

  /// Values under a name.
  struct Curve: Equatable {
    /// Name of the task or the metric.
    var name: String
    /// Its values in the order of the steps.
    var points: [Point]
  }

  /// The loss of each task, in the order in which they first appeared.
  private(set) var losses: [Curve] = []
  /// The learning rate.
  private(set) var rates = Curve(name: "learning rate", points: [])
  /// Each metric of the evaluations.
  private(set) var metrics: [Curve] = []

  /// The newest step of which anything is known; 0 without any.
  var lastStep: Int {
    max(rates.points.last?.step ?? 0, metrics.compactMap(\.points.last?.step).max() ?? 0)
  }

  /// The newest evaluation, or nil before the first.
  var evaluation: (step: Int, metrics: [(name: String, value: Double)])? {
    guard let step = metrics.compactMap(\.points.last?.step).max() else { return nil }
    let values = metrics.compactMap { curve in
      curve.points.last.flatMap { $0.step == step ? (name: curve.name, value: $0.value) : nil }
    }
    return (step, values)
  }

  /// Adds the loss of a task.
  mutating func add(step: Int, task: String, loss: Double) {
    Self.add(Point(step: step, value: loss), to: task, in: &losses)
  }

  /// Adds a learning rate.
  mutating func add(step: Int, rate: Double) {
    rates.points.append(Point(step: step, value: rate))
  }

  /// Adds an evaluation.
  mutating func add(step: Int, metrics values: [(name: String, value: Double)]) {
    for metric in values {
      Self.add(Point(step: step, value: metric.value), to: metric.name, in: &metrics)
    }
  }

  /// Reads the logs of a run, as much of them as is there.
  init(log: String, results: String) {
    struct Line: Decodable {
      let step: Int
      let task: String
      let loss: Double
      let terms: [String: Double?]
      let lr: Double
    }
    let decoder = JSONDecoder()
    for line in lines(log) {
      guard let line = try? decoder.decode(Line.self, from: Data(line.utf8)) else { continue }
      let terms = line.terms.sorted { $0.key < $1.key }.map { ($0.key, $0.value ?? .nan) }
      for (task, loss) in LoggedStep.losses(task: line.task, loss: line.loss, terms: terms) {
        add(step: line.step, task: task, loss: loss)
      }
      add(step: line.step, rate: line.lr)
    }
    let rows = lines(results).map(commaSeparated)
    guard let names = rows.first else { return }
    for row in rows.dropFirst() {
      guard row.count == names.count, let step = row.first.flatMap({ Int($0) }) else { continue }
      // The first two columns are the step and the seconds.
      let values = zip(names, row).dropFirst(2).map { ($0, Double($1) ?? .nan) }
      add(step: step, metrics: values)
    }
  }

  /// A history without anything.
  init() {}

  private static func add(_ point: Point, to name: String, in curves: inout [Curve]) {
    if let place = curves.firstIndex(where: { $0.name == name }) {
      curves[place].points.append(point)
    } else {
      curves.append(Curve(name: name, points: [point]))
    }
  }
}

private func lines(_ path: String) -> [Substring] {
  let data = FileManager.default.contents(atPath: path) ?? Data()
  return String(decoding: data, as: UTF8.self).split(separator: "\n")
}

/// The cells of a row, with RFC 4180's quotation marks undone.
private func commaSeparated(_ row: Substring) -> [String] {
  var cells = [""]
  var isQuoted = false
  var previous: Character?
  for character in row {
    switch character {
    case "\"":
      // Two quotation marks inside a quoted cell stand for one.
      if !isQuoted, previous == "\"" { cells[cells.count - 1].append("\"") }
      isQuoted.toggle()
    case "," where !isQuoted: cells.append("")
    default: cells[cells.count - 1].append(character)
    }
    previous = character
  }
  return cells
}
