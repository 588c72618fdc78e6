import Foundation

/// Something that is probably wrong with a run, and what to do about it.
struct TrainingWarning: Equatable, Sendable {
  /// Its name in the log.
  let name: String
  /// The task, or nil for the whole run.
  let task: String?
  /// What was seen.
  let text: String
  /// What to do.
  let advice: String

  /// Both, in one line.
  var line: String {
    (task.map { "task '\($0)': " } ?? "") + text + "; " + advice
  }
}

/// A warning as a line of `log.jsonl`.
private struct WarningLine: Encodable {
  let step: Int
  let task: String?
  let text: String
  let warning: String
}

extension Trainer {
  /// Says a warning on standard error and writes it to the log under a step, counted from 1.
  func warn(_ warning: TrainingWarning, step: Int) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = WarningLine(
      step: step, task: warning.task, text: "\(warning.text); \(warning.advice)",
      warning: warning.name)
    try folder.log.append(String(decoding: try encoder.encode(line), as: UTF8.self))
    guard !options.isQuiet else { return }
    progress.say("warning: " + warning.line)
  }
}
