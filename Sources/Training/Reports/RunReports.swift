import Checkpoints
import Foundation

/// What a run shows besides its logs: TensorBoard's events, curves, sample predictions.
final class RunReports {
  /// TensorBoard's files.
  let events: EventFiles
  /// Sheets of sample predictions.
  let samples: SampleFolder
  private let folder: String
  private let clock: () -> Double
  private(set) var history = RunHistory()
  private var newestLosses: [(task: String, loss: Double)] = []
  private var isDrawn = true
  private var nextDrawing = 0.0

  /// The reports of a run's folder.
  ///
  /// - Parameter clock: seconds since 1970; tests give their own.
  init(folder: String, clock: @escaping () -> Double = { Date().timeIntervalSince1970 }) {
    self.folder = folder
    self.clock = clock
    events = EventFiles(folder: folder, now: clock)
    samples = SampleFolder(path: folder + "/samples")
  }

  /// Tells about a step that was logged.
  func logged(_ step: LoggedStep) throws {
    for (task, loss) in step.losses { history.add(step: step.step, task: task, loss: loss) }
    history.add(step: step.step, rate: step.rate)
    isDrawn = false
    try events.append(.scalars(step.scalars), step: step.step)
  }

  /// Takes note of a step, logged or not, and tells the newest losses of the tasks that it is not
  /// about.
  func othersLosses(than step: LoggedStep) -> [(task: String, loss: Double)] {
    let others = newestLosses.filter { known in !step.losses.contains { $0.task == known.task } }
    newestLosses = others + step.losses
    return others
  }

  /// Tells about an evaluation and draws the curves, unless they were drawn a moment ago.
  func evaluated(step: Int, metrics: [(name: String, value: Double)]) throws {
    history.add(step: step, metrics: metrics)
    isDrawn = false
    if !metrics.isEmpty {
      try events.append(
        .scalars(metrics.map { (tag: "evaluation/\($0.name)", value: $0.value) }), step: step)
    }
    // Drawing may take a twentieth of the time at most.
    if clock() >= nextDrawing { try draw() }
  }

  /// Draws the curves if there is anything new. Training has ended, perhaps with an error of its
  /// own, which matters more than one of the drawing.
  func finish() {
    flush()
    if !isDrawn { try? draw() }
  }

  /// Flushes what was appended to the disk.
  func flush() { events.flush() }

  /// Drops what was told after a step; the logs were cut back already.
  func truncate(after step: Int) throws {
    try events.truncate(after: step)
    samples.truncate(after: step)
    history = RunHistory(log: folder + "/log.jsonl", results: folder + "/results.csv")
  }

  private func draw() throws {
    let begin = clock()
    try RunCurves.write(
      history, name: (folder as NSString).standardizingPath.lastPart, to: folder)
    isDrawn = true
    let end = clock()
    nextDrawing = end + 20 * max(0, end - begin)
  }
}

extension String {
  /// What follows the last slash.
  fileprivate var lastPart: String { (self as NSString).lastPathComponent }
}
