import Checkpoints
import Foundation
import Heads
import Models

/// Trains everything that a table compares, one run after the other, and keeps the table.
///
/// The folder gets `table.json` with what has ended, `table.md`, and below them an ordinary run
/// folder for every training. Killed at any time, it goes on: ended trainings are kept, the
/// unfinished one resumes its own run.
public struct TableTraining {
  /// What is trained.
  public let plan: TablePlan
  private let options: Trainer<MultitaskModel>.Options
  private var results: TableResults

  /// Opens the folder.
  ///
  /// - Parameter options: how runs begin and end; `resumes` goes on with the folder's table.
  /// - Throws: `TrainingError.runExists` where a table is there and is not to be resumed,
  ///   `noCheckpoint` where there is none, `changedSinceCheckpoint` where it is another recipe's.
  public init(_ plan: TablePlan, options: Trainer<MultitaskModel>.Options) throws {
    self.plan = plan
    self.options = options
    let found = try TableResults.read(plan.folder)
    if found != nil && !options.resumes { throw TrainingError.runExists(folder: plan.folder) }
    if found == nil && options.resumes {
      throw TrainingError.noCheckpoint(folder: plan.folder, refused: [])
    }
    results = found ?? TableResults()
    for run in plan.runs {
      guard let done = results.runs.first(where: { $0.name == run.name }) else { continue }
      if done.fingerprint != (try fingerprint(run)) && !options.allowsChange {
        throw TrainingError.changedSinceCheckpoint(
          what: "recipe of \(run.name)", path: plan.folder + "/table.json")
      }
    }
  }

  /// Trains what is missing.
  ///
  /// - Parameter note: told what begins.
  /// - Returns: the table in aligned columns.
  /// - Throws: what a training throws; what has ended before is kept.
  public mutating func run(note: (String) -> Void = { _ in }) throws -> String {
    do {
      try FileManager.default.createDirectory(
        atPath: plan.folder, withIntermediateDirectories: true)
    } catch {
      throw CheckpointError.cannotWrite(
        file: plan.folder, reason: "the folder cannot be made; choose another with --output")
    }
    try keep()
    for (number, run) in plan.runs.enumerated()
    where !results.runs.contains(where: { $0.name == run.name }) {
      note(
        "\(number + 1) of \(plan.runs.count): \(run.name), \(run.recipe.steps) steps of "
          + run.tasks.joined(separator: ", "))
      results.runs.append(try train(run))
      try keep()
    }
    return plan.text(results.rows)
  }

  /// Writes the table as it is now.
  private mutating func keep() throws {
    results.rows = plan.rows(results)
    try results.write(plan.folder)
    try writeAtomically(
      Data(plan.markdown(results.rows).utf8), to: plan.folder + "/table.md")
  }

  private func train(_ run: TableRun) throws -> TableResults.Run {
    let folder = plan.folder + "/" + run.name
    let recipe = try plan.prepare(run, in: folder)
    var options = options
    options.resumes = FileManager.default.fileExists(atPath: folder + "/run.json")
    // Models of the same tasks see the same pictures, whatever their decoders are.
    let features = plan.folder + "/features/" + (run.row == .single ? run.tasks[0] : "joint")
    let training = try JointTraining.tolerant(
      recipe, folder: folder, options: options, features: features)
    let outcome = try training.trainer.run()
    return TableResults.Run(
      name: run.name, row: run.row, tasks: run.tasks, seed: run.seed,
      taskTokens: run.hasTaskTokens, steps: outcome.step, seconds: outcome.elapsed,
      parameters: run.parameters.all, trainedParameters: run.parameters.trained,
      metrics: try FinalMetrics.read(folder, step: recipe.steps),
      fingerprint: try fingerprint(run))
  }

  /// What a run's result depends on.
  private func fingerprint(_ run: TableRun) throws -> String {
    var recipe = run.recipe
    let model = try configurationText(run.configuration)
    recipe.model = .inline(String(decoding: model, as: UTF8.self))
    let measured = run.recipe.tasks.map { "\($0.task) \($0.dataset.evaluationSplit ?? "")" }
    return Checksum.of(try RunFingerprints.recipe(recipe) + measured.joined(separator: "\n"))
  }
}

extension TablePlan {
  /// Writes a run's model beside its folder's other files, with the vocabulary of the recipe's.
  ///
  /// - Returns: the run's recipe, ready to be trained.
  func prepare(_ run: TableRun, in folder: String) throws -> Recipe {
    let place = folder + "/model"
    do {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    } catch {
      throw CheckpointError.cannotWrite(file: place, reason: "the folder cannot be made")
    }
    let configuration = place + "/" + ModelDirectory.FileName.configuration
    try writeAtomically(try configurationText(run.configuration), to: configuration)
    if run.configuration.text != nil {
      let name = "/" + ModelDirectory.FileName.vocabulary
      let source = JointTraining.vocabularyFolder(of: recipe) + name
      if let vocabulary = FileManager.default.contents(atPath: source) {
        try writeAtomically(vocabulary, to: place + name)
      }
    }
    var recipe = run.recipe
    recipe.model = .file(configuration)
    return recipe
  }
}

extension JointTraining {
  /// A training that keeps what frozen encoders give where there are some: a model of one task may
  /// have none, though the recipe's has.
  static func tolerant(
    _ recipe: Recipe, folder: String, options: Trainer<MultitaskModel>.Options, features: String
  ) throws -> JointTraining {
    do {
      return try JointTraining(recipe, folder: folder, options: options, features: features)
    } catch TrainingError.notFrozen where recipe.tasks.count == 1 {
      var recipe = recipe
      recipe.cachesFrozen = nil
      return try JointTraining(recipe, folder: folder, options: options, features: features)
    }
  }
}
