import ArgumentParser
import Foundation
import Heads
import Tensors
import Training

/// Trains a model on the tasks of a recipe.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on the tasks of a recipe.",
    discussion: """
      Examples:
        unit train datasets/EasyVQA/Recipes/shared.yaml --output runs/shared
        unit train recipe.yaml --set steps=2000 --set optimizer.lr=5e-4
        unit train recipe.yaml --output runs/shared --resume
        unit train recipe.yaml --output runs/try --overfit 8

      The folder of the run gets the log (log.jsonl, and TensorBoard's event files), the \
      evaluations (results.csv), curves (curves.png, curves.svg), sample predictions (samples) and \
      the checkpoints; checkpoints/best is a model that every other command takes as --model. \
      Ctrl-C saves a checkpoint first; --resume goes on from it with the same bits.
      """)

  @Argument(help: "The recipe, a YAML file.")
  var recipe: String

  @Option(name: .customLong("set"), help: "Change an entry, as key.path=value; may be repeated.")
  var changes: [String] = []

  @Option(help: "Folder of the run; the recipe's own if left out.")
  var output: String?

  @Flag(help: "Go on from the newest checkpoint of the run.")
  var resume = false

  @Flag(help: "Go on although the recipe or the data changed.")
  var allowChange = false

  @Option(help: "Stop and save after this time, such as 90s, 25m or 2h.")
  var maxTime: String?

  @Option(
    help: ArgumentHelp(
      "Learn the first N samples of each task by heart, as a test of recipe, data and model.",
      valueName: "n"))
  var overfit: Int?

  @Option(
    help: """
      Folder for what frozen encoders give (cache_frozen), for runs that share it one after the \
      other; the run's own if left out.
      """)
  var features: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let overfit, overfit < 1 {
      throw ValidationError("--overfit needs 1 sample or more, not \(overfit)")
    }
  }

  func run() throws {
    let seeds = common.seed.map { ["seed=\($0)"] } ?? []
    let recipe = try Recipe(contentsOf: recipe, overrides: changes + seeds)
    if let threads = recipe.threads { Parallel.threads = threads }
    common.apply()
    guard let folder = output ?? recipe.output else {
      throw Failure(
        .usage, "the run has no folder", advice: "give --output, or an entry 'output' in the recipe"
      )
    }
    var options = Trainer<MultitaskModel>.Options()
    options.resumes = resume
    options.allowsChange = allowChange
    options.maximumSeconds = try maxTime.map(seconds)
    options.isQuiet = common.quiet
    options.versions = ["unit": Unit.version]
    options.command = ["unit"] + CommandLine.arguments.dropFirst()
    let notes = common.notes
    notes.detail("reading the data")
    let training = try JointTraining(
      overfit.map(recipe.overfitting) ?? recipe, folder: folder, options: options,
      firstSamples: overfit, features: features)
    training.trainer.begun = {
      for line in training.weights?.lines ?? [] where !resume { notes.note(line) }
      let memory = try training.trainer.memoryEstimate()
      notes.note(memory.line)
      if let warning = memory.warning { notes.note(warning) }
    }
    guard overfit == nil else { return try learnByHeart(training) }
    let outcome = try training.trainer.run()
    let state = outcome.isFinished ? "finished" : "stopped by --max-time"
    // There is a best model once the run was evaluated.
    let kept = folder + "/checkpoints/best"
    let model = FileManager.default.fileExists(atPath: kept) ? kept : folder + "/checkpoints/last"
    let best = outcome.best.map { value in
      "; the best \(recipe.monitor.metric ?? "figure") is \(value.decimals(4))"
    }
    notes.note("\(state) at step \(outcome.step) after \(Int(outcome.elapsed)) s\(best ?? "")")
    notes.note("model: \(model), described in its README.md")
    notes.note(
      "run: \(folder), with curves.png, samples, results.csv, log.jsonl and the event files of "
        + "tensorboard --logdir \(folder)")
  }

  private func learnByHeart(_ training: JointTraining) throws {
    let (outcome, report) = try training.overfit()
    guard report.isReached else { throw OverfitFailure(report) }
    common.notes.note(
      "learnt \(report.samples) samples of each task by heart in \(outcome.step) steps: "
        + report.line)
  }

  private func seconds(_ text: String) throws -> Double {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    let unit = text.last.flatMap { units[$0] }
    let number = Double(unit == nil ? text : String(text.dropLast()))
    guard let number, number > 0, number.isFinite else {
      throw Failure(
        .usage, "--max-time should be a time such as 90s, 25m or 2h, found '\(text)'")
    }
    return number * (unit ?? 1)
  }
}
