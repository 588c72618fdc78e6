import ArgumentParser
import Heads
import Tensors
import Training

/// Trains single-task and joint models of one recipe and compares them.
struct Table: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare single-task and joint models of one recipe.",
    discussion: """
      Examples:
        unit table datasets/Scenes/Training/miniature.yaml --output runs/table --dry-run
        unit table datasets/Scenes/Training/miniature.yaml --output runs/table
        unit table datasets/Scenes/Training/miniature.yaml --output runs/table --resume

      The rows are those of UniT's paper: a model for each task; one model with a decoder for each \
      task; one with a shared decoder; and the same beginning with the single detector's weights. \
      The entry 'table' of the recipe chooses rows, seeds, task tokens and metrics. The joint models \
      take the recipe's steps, the model of one task that task's share of them. The folder gets \
      table.json, table.md and a run's folder for each training. Ctrl-C saves; --resume goes on, \
      also after a kill.
      """)

  @Argument(help: "The recipe of the joint model, a YAML file.")
  var recipe: String

  @Option(name: .customLong("set"), help: "Change an entry, as key.path=value; may be repeated.")
  var changes: [String] = []

  @Option(help: "Folder of the table.")
  var output: String

  @Flag(help: "Go on with the folder's table.")
  var resume = false

  @Flag(help: "Only show what would be trained, and about how long it takes.")
  var dryRun = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let seeds = common.seed.map { ["seed=\($0)"] } ?? []
    let recipe = try Recipe(contentsOf: recipe, overrides: changes + seeds)
    if let threads = recipe.threads { Parallel.threads = threads }
    common.apply()
    let plan = try TablePlan(recipe, folder: output)
    if dryRun {
      try StandardOutput.write(TableEstimate(plan).text)
      return
    }
    var options = Trainer<MultitaskModel>.Options()
    options.resumes = resume
    options.isQuiet = common.quiet
    options.versions = ["unit": Unit.version]
    let notes = common.notes
    var training = try TableTraining(plan, options: options)
    try StandardOutput.write(training.run(note: notes.note))
  }
}
