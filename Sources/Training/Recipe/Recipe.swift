import Foundation

/// Everything that decides what a training run computes, and how it reports.
///
/// Read from YAML by `Recipe(contentsOf:)`. The coded form stands in a run's `run.json`.
public struct Recipe: Sendable, Equatable, Codable {
  /// Where the model's configuration comes from.
  public enum Model: Sendable, Equatable, Codable {
    /// A JSON file, its path resolved.
    case file(String)
    /// JSON text of a mapping that stands in the recipe itself.
    case inline(String)
  }

  /// The samples of one task.
  public struct Dataset: Sendable, Equatable, Codable {
    /// Name of the reader, such as `easy-vqa`.
    public var kind: String
    /// File or folder, resolved.
    public var path: String
    /// Part that is trained on.
    public var split: String
    /// Part that is evaluated on, or nil when the task is not evaluated.
    public var evaluationSplit: String?
  }

  /// One task of the mixture.
  public struct TaskSpec: Sendable, Equatable, Codable {
    /// Name of the task in the model's configuration.
    public var task: String
    /// Its samples.
    public var dataset: Dataset
    /// Its share of the iterations, relative to the other tasks'.
    public var ratio: Double
    /// Its exact number of steps in the run, for the schedules that count; nil for its ratio's part.
    public var steps: Int?
    /// Samples in a batch.
    public var batch: Int
    /// How many questions of a batch are about the same picture, which is encoded once for them;
    /// nil for one.
    public var questionsPerPicture: Int?
    /// Factor on the task's loss.
    public var lossWeight: Double
    /// Random changes of its samples.
    public var augmentation: PictureAugmentation
  }

  /// AdamW and clipping.
  public struct Optimizer: Sendable, Equatable, Codable {
    /// Learning rates and weight decays by parameter name.
    public var groups: ParameterGroups
    /// Decays of the first and of the second moment.
    public var betas: [Double]
    /// Keeps the division finite.
    public var epsilon: Double
    /// Norm to which gradients are clipped, or nil for none.
    public var clip: Double?
  }

  /// The learning rate over the steps.
  public struct ScheduleSpec: Sendable, Equatable, Codable {
    /// Steps of linear warm-up.
    public var warmup: Int
    /// What follows.
    public var kind: Schedule.Kind
  }

  /// The moving average of the weights.
  public struct Average: Sendable, Equatable, Codable {
    /// Share of the old average that each step keeps.
    public var decay: Double
    /// Whether the first steps keep less.
    public var warmsUp: Bool
  }

  /// When a run that gets no better ends.
  public struct EarlyStopping: Sendable, Equatable, Codable {
    /// Evaluations without a better value of the monitored metric after which the run ends.
    public var patience: Int
  }

  /// Published weights of the parts of a model.
  public struct Parts: Sendable, Equatable, Codable {
    /// A checkpoint of an image classifier, for the convolutional network; resolved.
    public var image: String?
    /// A folder of a BERT, for the text encoder and its vocabulary; resolved.
    public var text: String?
  }

  /// The metric that decides which checkpoint is the best.
  public struct Monitor: Sendable, Equatable, Codable {
    /// Its name among the evaluation's metrics; nil for the first one.
    public var metric: String?
    /// Whether a smaller value is better.
    public var prefersSmaller: Bool
  }

  /// What the model card says that nothing else tells.
  public struct Card: Sendable, Equatable, Codable {
    /// The licence of the weights, by its identifier on Hugging Face; nil while it is unknown.
    public var license: String?
    /// The language of the texts, as a code such as `en`.
    public var language: String?
    /// The title.
    public var title: String?
  }

  /// Seed of every random number.
  public var seed: UInt64
  /// The model's configuration.
  public var model: Model
  /// Weights to begin with, resolved; nil for random ones.
  public var weights: String?
  /// Weights of single parts to begin with.
  public var parts: Parts?
  /// Whether what frozen encoders give for a picture or a text is computed once and kept.
  public var cachesFrozen: Bool?
  /// The tasks.
  public var tasks: [TaskSpec]
  /// How tasks follow each other; nil for `ratios`.
  public var sampling: TaskSchedule.Kind?
  /// Batches of a task whose gradients are averaged for one step; nil for 1.
  public var accumulate: Int?
  /// Steps in all.
  public var steps: Int
  /// How the weights are changed.
  public var optimizer: Optimizer
  /// The learning rate over the steps.
  public var schedule: ScheduleSpec
  /// The moving average of the weights, or nil for none.
  public var average: Average?
  /// The metric that decides which checkpoint is the best.
  public var monitor: Monitor
  /// When a run that gets no better ends, or nil for at its last step only.
  public var earlyStopping: EarlyStopping?
  /// Steps from one evaluation to the next; 0 for none but the one at the end.
  public var evaluateEvery: Int
  /// Steps from one checkpoint to the next; 0 for none but the one at the end.
  public var checkpointEvery: Int
  /// Steps from one line of `log.jsonl` to the next.
  public var logEvery: Int
  /// Folder of the run, resolved; nil when the command line must name it.
  public var output: String?
  /// Threads, or nil for one a core.
  public var threads: Int?
  /// What the model card says.
  public var card: Card?
  /// Which models `unit table` compares; nil for the usual ones.
  public var table: Table?

  /// The schedule of this recipe.
  public var learningRateSchedule: Schedule {
    Schedule(schedule.kind, warmup: schedule.warmup, steps: steps)
  }
}
