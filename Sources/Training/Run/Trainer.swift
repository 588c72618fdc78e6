import Foundation
import Tensors

/// Trains a model on a mixture of tasks as a recipe tells, and keeps the run's folder.
///
/// Everything random is a pure function of the seed and of counters, so a run that was killed and
/// resumed ends with the same bits as one that was not.
///
/// ```swift
/// let trainer = try Trainer(model, recipe: recipe, sources: sources, folder: "runs/one")
/// trainer.evaluate = { step in [("vqa/accuracy", accuracy(of: model))] }
/// let outcome = try trainer.run()
/// ```
public final class Trainer<Model: TrainableModel> {
  /// How a run is begun and ended.
  public struct Options: Sendable {
    /// Whether the newest whole checkpoint of the folder is continued.
    public var resumes = false
    /// Whether a checkpoint of another recipe, model or dataset may be continued.
    public var allowsChange = false
    /// Seconds after which training stops and saves, or nil for no limit.
    public var maximumSeconds: Double?
    /// Whether no progress is shown.
    public var isQuiet = false
    /// Batches that are made ahead, and threads that make them.
    public var prefetch = (batches: 4, threads: 1)
    /// What the model began with, for `run.json`.
    public var weights: TransferReport?
    /// Versions for `run.json`.
    public var versions: [String: String] = [:]
    /// The words of the command line, for the model card.
    public var command: [String] = []

    /// A new run without limits.
    public init() {}
  }

  /// How a run ended.
  public struct Outcome: Sendable, Equatable {
    /// Steps done, over all sessions.
    public var step: Int
    /// Seconds of training, over all sessions.
    public var elapsed: Double
    /// Whether the run is over: every step of the recipe was done, or the evaluations got no better
    /// for as long as the recipe's patience lasts, or were good enough; otherwise the time limit came first.
    public var isFinished: Bool
    /// The best value of the monitored metric.
    public var best: Double?
  }

  /// The model.
  public let model: Model
  /// The recipe.
  public let recipe: Recipe
  /// Computes metrics; called between steps, with the averaged weights in the model's parameters
  /// where the recipe asks for an average. The first metric, or the monitored one, decides which
  /// checkpoint is the best.
  public var evaluate: ((_ step: Int) throws -> [(name: String, value: Double)])?
  /// Told the metrics of every evaluation, says whether they are good enough to end the run.
  public var isSatisfied: ((_ metrics: [(name: String, value: Double)]) -> Bool)?
  /// Called once the folder of the run is ready, before the first step of a session.
  public var begun: (() throws -> Void)?
  /// Adds to a checkpoint's folder what makes it a model that can be loaded, such as `config.json`.
  public var describeModel: ((_ folder: String) throws -> Void)?
  /// Called after every step, for tests.
  package var afterStep: (Int) -> Void = { _ in }
  /// Called between the stages of writing a checkpoint, for tests: `filesWritten`,
  /// `previousSetAside`, `renamed`.
  package var whileSaving: (String) -> Void = { _ in }
  /// Whether training shall stop; by default after SIGINT or SIGTERM.
  package var isInterrupted: () -> Bool = { Interruption.isRequested }

  let options: Options
  let sources: [any BatchSource<Model.Batch>]
  let plan: BatchPlan
  let optimizer: AdamW
  let average: WeightAverage?
  let folder: RunFolder
  let fingerprints: RunFingerprints
  var progress = ProgressLine()
  var session = Session()
  var best: TrainingState.Best?
  var watch = TrainingWatch()

  /// Prepares a run; nothing is written yet.
  ///
  /// - Parameters:
  ///   - sources: the batches of every task of the recipe, by its name.
  ///   - folder: folder of the run.
  /// - Throws: `TrainingError` when a pattern of the recipe matches no parameter.
  public init(
    _ model: Model, recipe: Recipe, sources: [String: any BatchSource<Model.Batch>],
    folder: String, options: Options = Options()
  ) throws {
    self.model = model
    self.recipe = recipe
    self.options = options
    self.folder = RunFolder(folder)
    self.sources = recipe.tasks.map { spec in
      guard let source = sources[spec.task] else {
        preconditionFailure("there is no source for the task '\(spec.task)'")
      }
      return source
    }
    plan = BatchPlan(schedule: recipe.taskSchedule, accumulate: recipe.accumulate ?? 1)
    let parameters = model.parameters
    let rates = try recipe.optimizer.groups.rates(of: parameters)
    optimizer = AdamW(
      parameters, rates: rates, betas: (recipe.optimizer.betas[0], recipe.optimizer.betas[1]),
      epsilon: recipe.optimizer.epsilon)
    average = recipe.average.map {
      WeightAverage(of: parameters, decay: $0.decay, warmsUp: $0.warmsUp)
    }
    fingerprints = try RunFingerprints(
      recipe: recipe, parameters: parameters,
      data: Dictionary(
        zip(recipe.tasks.map(\.task), self.sources.map(\.fingerprint)), uniquingKeysWith: { $1 }))
  }

  /// Trains until the recipe's last step.
  ///
  /// - Throws: `Interrupted` after SIGINT or SIGTERM, with everything saved;
  ///   `TrainingError.notFinite` when the loss is no number again and again, though the run went
  ///   back and halved the learning rate three times; whatever a loader, the model or the evaluation
  ///   throws.
  public func run() throws -> Outcome {
    try begin()
    if session.step < recipe.steps { try begun?() }
    Interruption.watch()
    defer {
      Interruption.unwatch()
      progress.end()
      folder.reports.finish()
    }
    while true {
      do { return try train() } catch let fault as NumericFault { try rollBack(after: fault) }
    }
  }

  /// Trains from the present step on.
  private func train() throws -> Outcome {
    let loader = mixtureLoader(
      of: sources, plan: plan, steps: session.step..<max(recipe.steps, session.step),
      ahead: options.prefetch.batches, threads: options.prefetch.threads)
    defer { loader.stop() }
    while session.step < recipe.steps {
      if isInterrupted() {
        try save()
        throw Interrupted(step: session.step, folder: folder.path)
      }
      if let limit = options.maximumSeconds, session.seconds >= limit {
        try save()
        return outcome(isFinished: false)
      }
      if session.isSatisfied || isStale {
        try save()
        return outcome(isFinished: true)
      }
      try step(with: loader)
      afterStep(session.step)
    }
    if session.savedStep != recipe.steps {
      try evaluateIfDue(isLast: true)
      try save()
    }
    return outcome(isFinished: true)
  }

  /// Whether the evaluations got no better for so long that the recipe ends the run.
  private var isStale: Bool {
    recipe.earlyStopping.map { session.staleEvaluations >= $0.patience } ?? false
  }

  private func outcome(isFinished: Bool) -> Outcome {
    Outcome(
      step: session.step, elapsed: session.elapsed, isFinished: isFinished, best: best?.value)
  }
}
