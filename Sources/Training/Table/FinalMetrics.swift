import Foundation

/// What a run's evaluation after its last step gave: the last row of its `results.csv`.
///
/// A run that was killed after its end, before anybody looked, is read like any other.
enum FinalMetrics {
  /// Every finite metric by its name.
  ///
  /// - Throws: `TrainingError.damagedCheckpoint` where the run was not evaluated after `step`.
  static func read(_ folder: String, step: Int) throws -> [String: Double] {
    let path = folder + "/results.csv"
    let data = FileManager.default.contents(atPath: path) ?? Data()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
      .map { $0.split(separator: ",") }
    guard let names = lines.first, let values = lines.last, names.count == values.count,
      values.first.flatMap({ Int($0) }) == step
    else {
      throw TrainingError.damagedCheckpoint(
        path: path, reason: "expected an evaluation after step \(step) in its last line")
    }
    var metrics: [String: Double] = [:]
    for (name, value) in zip(names, values).dropFirst(2) {
      // JSON has no infinite numbers, and a mean has no use for them.
      if let value = Double(value), value.isFinite { metrics[String(name)] = value }
    }
    return metrics
  }
}
