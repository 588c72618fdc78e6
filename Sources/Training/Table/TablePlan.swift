import Heads
import Layers
import Models
import Tensors

/// All trainings that a table needs, in the order in which they are done.
public struct TablePlan: Sendable {
  /// The recipe of the joint models.
  public let recipe: Recipe
  /// What is compared.
  public let table: Recipe.Table
  /// The tasks with their metrics.
  public let columns: [TableColumn]
  /// The trainings: of each seed, with and without task tokens, row by row.
  public let runs: [TableRun]
  /// The folder of the table.
  let folder: String
  /// The configuration of the recipe, with all its tasks.
  let configuration: UniTConfiguration

  /// Plans a table; nothing is trained or written.
  ///
  /// - Parameter folder: below which every training gets its own.
  /// - Throws: errors of the recipe's model, `TrainingError.tableUnfit`, `metricMissing`,
  ///   `patternWithoutParameter`.
  public init(_ recipe: Recipe, folder: String) throws {
    var recipe = recipe
    let whole = recipe
    recipe.tasks.removeAll { whole.steps(of: $0.task) == 0 }
    let table = recipe.table ?? Recipe.Table()
    self.recipe = recipe
    self.table = table
    self.folder = folder
    let configuration = try JointTraining.configuration(of: recipe)
    self.configuration = configuration
    let tasks = try recipe.tasks.map { try configuration.task(named: $0.task) }
    columns = try tasks.map { try TableColumn($0, metric: table.metrics[$0.name]) }
    if let task = recipe.tasks.first(where: { $0.dataset.evaluationSplit == nil }) {
      throw TrainingError.tableUnfit(
        "the task '\(task.task)' has no evaluation_split, so its column would stay empty; "
          + "give its dataset one")
    }
    if table.taskTokens == .both && !configuration.hasTaskTokens {
      throw TrainingError.tableUnfit(
        "task_tokens is 'both', but the model has none to take away; "
          + "give an encoder task_embeddings above 0")
    }
    var detector: String?
    if table.rows.contains(.detectorFirst) {
      detector = table.detector ?? tasks.first { $0.head == "detection" }?.name
      guard let detector, tasks.contains(where: { $0.name == detector }) else {
        throw TrainingError.tableUnfit(
          "the row 'detector_first' needs a task that finds objects, and there is none; "
            + "leave it out of 'rows', or name another task as 'detector'")
      }
      if recipe.weights != nil {
        throw TrainingError.tableUnfit(
          "the row 'detector_first' begins with the detector's weights and the recipe with others; "
            + "leave it out of 'rows', or name parts as in 'weights: {image: net.pth}'")
      }
    }
    runs = try Self.runs(
      recipe, table, configuration, names: tasks.map(\.name), detector: detector, folder: folder)
  }

  private static func runs(
    _ recipe: Recipe, _ table: Recipe.Table, _ configuration: UniTConfiguration, names: [String],
    detector: String?, folder: String
  ) throws -> [TableRun] {
    typealias Row = Recipe.Table.Row
    // A pattern that fits no row's model is a mistake; one that fits some is not.
    let whole = configuration.row(of: names, sharesDecoder: true, hasTaskTokens: true)
    _ = try recipe.optimizer.groups.rates(of: outline(whole).parameters)

    func run(_ row: Row, task: String?, seed: UInt64, tokens: Bool) throws -> TableRun {
      let own = task.map { [$0] } ?? names
      let model = configuration.row(
        of: own, sharesDecoder: row != .separate, hasTaskTokens: tokens)
      let parameters = try outline(model).parameters
      var single = recipe.row(of: task, seed: seed)
      single.optimizer.groups = single.optimizer.groups.restricted(to: parameters.map(\.name))
      _ = try single.optimizer.groups.rates(of: parameters)
      if model.image == nil { single.parts?.image = nil }
      if model.text == nil { single.parts?.text = nil }
      if row == .detectorFirst {
        let first = TableRun.name(
          seed: seed, hasTaskTokens: tokens, row: .single, task: detector)
        single.weights = "\(folder)/\(first)/checkpoints/best"
      }
      return TableRun(
        name: TableRun.name(seed: seed, hasTaskTokens: tokens, row: row, task: task), row: row,
        seed: seed, hasTaskTokens: tokens, recipe: single, configuration: model,
        parameters: (
          parameters.reduce(0) { $0 + $1.value.count },
          parameters.filter(\.isTrainable).reduce(0) { $0 + $1.value.count }
        ))
    }
    let tokens: [Bool] =
      switch table.taskTokens {
      case .with: [true]
      case .without: [false]
      case .both: [true, false]
      }
    var runs: [TableRun] = []
    for seed in table.seeds ?? [recipe.seed] {
      for hasTokens in tokens {
        for row in table.rows {
          if row == .single {
            runs += try names.map { try run(.single, task: $0, seed: seed, tokens: hasTokens) }
            continue
          }
          let joint = try run(row, task: nil, seed: seed, tokens: hasTokens)
          if row == .detectorFirst {
            let first = try run(.single, task: detector, seed: seed, tokens: hasTokens)
            if !runs.contains(where: { $0.name == first.name }) { runs.append(first) }
          }
          runs.append(joint)
        }
      }
    }
    // Where the single models come later than what begins with one of them, the first place counts.
    var seen: Set<String> = []
    return runs.filter { seen.insert($0.name).inserted }
  }

  /// A model of zeros that take no memory.
  private static func outline(_ configuration: UniTConfiguration) throws -> MultitaskModel {
    try MultitaskModel(configuration, wordPiece: nil, source: .outline())
  }
}
