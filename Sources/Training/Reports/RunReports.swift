import Checkpoints
import Foundation

/// What a run shows besides its logs: TensorBoard's events, curves, sample predictions.
final class RunReports {
  /// What is known of one logged step.
  struct LoggedStep {
    /// The step, counted from 1.
    var step: Int
    /// Its task.
    var task: String
    /// The task's loss.
    var loss: Double
    /// What the loss is made of.
    var terms: [(name: String, value: Double)]
    /// The learning rate.
    var rate: Double
    /// Norm of the gradient.
    var gradientNorm: Double
    /// Samples of the step a second.
    var samplesPerSecond: Double
    /// Resident memory in bytes.
    var memory: Int
  }

  /// TensorBoard's files.
  let events: EventFiles
  /// Sheets of sample predictions.
  let samples: SampleFolder
  private let folder: String
  private let clock: () -> Double
  private(set) var history = RunHistory()
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
    history.add(step: step.step, task: step.task, loss: step.loss, rate: step.rate)
    isDrawn = false
    var scalars = [("\(step.task)/loss", step.loss)]
    scalars += step.terms.map { term in
      let name = term.name.hasPrefix("loss") ? term.name : "loss_\(term.name)"
      return ("\(step.task)/\(name)", term.value)
    }
    scalars += [
      ("\(step.task)/samples_per_second", step.samplesPerSecond), ("training/loss", step.loss),
      ("training/lr", step.rate), ("training/grad_norm", step.gradientNorm),
      ("training/memory_bytes", Double(step.memory)),
    ]
    try events.append(.scalars(scalars.map { (tag: $0.0, value: $0.1) }), step: step.step)
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
