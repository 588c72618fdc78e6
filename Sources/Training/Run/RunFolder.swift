import Checkpoints
import Foundation

/// The folder of a run: `run.json`, `log.jsonl`, `results.csv`, `checkpoints/{last,best}`, and what
/// `RunReports` shows.
struct RunFolder {
  /// The folder.
  let path: String
  /// One object per logged step.
  let log: RunLog
  /// One row per evaluation.
  let results: RunLog
  /// TensorBoard's events, curves, sample predictions.
  let reports: RunReports
  /// The checkpoints.
  var checkpoints: CheckpointFolder

  init(_ path: String) {
    self.path = path
    log = RunLog(path: path + "/log.jsonl")
    results = RunLog(path: path + "/results.csv")
    reports = RunReports(folder: path)
    checkpoints = CheckpointFolder(path: path + "/checkpoints")
  }

  /// Whether a run was started here.
  var holdsRun: Bool { FileManager.default.fileExists(atPath: path + "/run.json") }

  /// Makes the folder and writes `run.json`.
  func prepare(_ description: RunDescription) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: checkpoints.path, withIntermediateDirectories: true)
    } catch {
      throw CheckpointError.cannotWrite(
        file: path, reason: "the folder cannot be made; choose another with --output")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try writeAtomically(try encoder.encode(description), to: path + "/run.json")
  }

  /// Drops what was logged after a step.
  func truncate(after step: Int) throws {
    struct Line: Decodable { let step: Int }
    try log.truncate { line in
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)) else {
        return false
      }
      return line.step <= step
    }
    try results.truncate { line in
      let first = line.prefix { $0 != "," }
      return first == "step" || Int(first).map { $0 <= step } == true
    }
    try reports.truncate(after: step)
  }
}

/// The content of `run.json`: everything that is needed to repeat the run.
struct RunDescription: Codable {
  var format = 1
  /// The recipe with overrides applied and paths resolved.
  var recipe: Recipe
  /// Seed of every random number.
  var seed: UInt64
  /// Threads that computed.
  var threads: Int
  /// Instruction set of the kernels: 0 scalar, 1 AVX2, 2 AVX-512.
  var kernels: Int
  /// Numbers that are learnt, and all numbers of the model.
  var trainableParameters: Int
  var parameters: Int
  /// Versions of the program and of what it stands on.
  var versions: [String: String]
  /// Steps that were already done when this session began.
  var firstStep: Int
  /// When this session began, in ISO 8601.
  var started: String
  /// What was taken over from the recipe's `weights`.
  var weights: TransferReport?
}
