import ArgumentParser
import Heads

/// The option that names a model's classes or answers anew.
struct LabelOptions: ParsableArguments {
  @Option(
    help: "File of the classes' or answers' names, one a line, or a JSON object by row.")
  var labels: String?

  /// The names for the task that the command uses.
  ///
  /// - Throws: `LabelFileError`.
  func replacement(task: String?, use: TaskUse?) throws -> LabelReplacement? {
    try labels.map { LabelReplacement(try LabelFile(contentsOf: $0), task: task, use: use) }
  }
}
