import ArgumentParser
import Foundation

/// Metrics alone: compares a file of predictions with a file of the truth, without a model.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare a file of predictions with the truth; no model is needed.",
    discussion: """
      Examples:
        unit score detection --truth instances_val2017.json --predictions found.json
        unit score vqa --truth v2_mscoco_val2014_annotations.json --predictions answers.json
        unit score classification --truth dev.tsv --predictions predicted.tsv
      """,
    subcommands: [ScoreDetection.self, ScoreVQA.self, ScoreClassification.self])
}

/// The two files of every comparison, and how its result is told.
struct ScoreOptions: ParsableArguments {
  @Option(help: "File of the truth.")
  var truth: String

  @Option(help: "File of the predictions.")
  var predictions: String

  @Option(help: "text or json.", transform: ReportFormat.named)
  var format = ReportFormat.text

  @OptionGroup var common: CommonOptions

  /// Puts the options into force and refuses files that do not exist, with the nearest names.
  ///
  /// - Throws: `Failure` with the code 66.
  func begin() throws {
    common.apply()
    for file in [truth, predictions] where !FileManager.default.fileExists(atPath: file) {
      throw Failure(.missingInput, "\(file): there is no such file\(nearby(file))")
    }
  }

  /// Writes the result in the wanted format.
  func write(text: String, json: JSONText) throws {
    try StandardOutput.write(format == .text ? text : json.text + "\n")
  }
}
