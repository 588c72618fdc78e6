/// What can go wrong while a model is trained.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A pattern of the recipe names no parameter of the model.
  case patternWithoutParameter(pattern: String, nearest: String?)
  /// The recipe asks for a layer decay and the model has no numbered layers.
  case noLayers(example: String)
  /// The loss, its gradient or the weights became infinite or not a number, though the run went back
  /// and halved its learning rate that many times.
  case notFinite(what: String, step: Int, task: String, terms: String, rollbacks: Int)
  /// A sample of a dataset could not be made into a part of a batch.
  case sampleFailed(task: String, sample: String, reason: String)
  /// The task has no sample at all.
  case emptyTask(task: String)
  /// A checkpoint was made by a different recipe, model or dataset.
  case changedSinceCheckpoint(what: String, path: String)
  /// Nothing of the recipe's `weights` fits the model.
  case nothingKept(path: String, example: String)
  /// There is no checkpoint that could be continued; why each candidate was refused.
  case noCheckpoint(folder: String, refused: [String])
  /// A checkpoint's files do not fit together.
  case damagedCheckpoint(path: String, reason: String)
  /// The folder of the run already holds a run that would be overwritten.
  case runExists(folder: String)
  /// The recipe wants to keep what frozen encoders give, and there are none.
  case notFrozen
  /// Several samples a picture are wanted of data that does not name its pictures.
  case picturesUnnamed(task: String)
  /// A random change of pictures would make the task's answers wrong.
  case augmentationUnfit(task: String, key: String, reason: String)
  /// The recipe cannot be made a table of.
  case tableUnfit(String)
  /// The metric that decides which checkpoint is best was not among the evaluation's.
  case metricMissing(metric: String, known: [String])

  /// What happened and what to do next, in one or two lines.
  public var description: String {
    switch self {
    case .patternWithoutParameter(let pattern, let nearest):
      return "the pattern '\(pattern)' matches no parameter of the model"
        + (nearest.map { "; the nearest name is '\($0)'" } ?? "")
    case .noLayers(let example):
      return "'optimizer.layer_decay' needs parameters of numbered layers, such as "
        + "'encoder.layers.0.linear1.weight'; the model has none, its first is '\(example)'\n"
        + "leave the entry out, or give rates with 'optimizer.groups'"
    case .notFinite(let what, let step, let task, let terms, let rollbacks):
      return "the \(what) became infinite or not a number at step \(step), task '\(task)' "
        + "(\(terms)), after the learning rate was halved \(rollbacks) times\n"
        + "nan.json in the run's folder names the samples; look at them, lower the learning rate or "
        + "the clipping norm; --resume continues from the last checkpoint"
    case .sampleFailed(let task, let sample, let reason):
      return "task '\(task)', \(sample): \(reason)"
    case .emptyTask(let task):
      return "task '\(task)' has no samples: check the path and the split of its dataset"
    case .changedSinceCheckpoint(let what, let path):
      return "\(path): the \(what) changed since this checkpoint was written\n"
        + "train into another folder, undo the change, or allow it with --allow-change"
    case .nothingKept(let path, let example):
      return
        "\(path): none of the weights has a name and a shape of the model, they have names such "
        + "as '\(example)'\nname a model of the family 'unit' in 'weights', give parts with "
        + "'weights: {image: ..., text: ...}', or leave the entry out"
    case .noCheckpoint(let folder, let refused):
      return "\(folder): there is no checkpoint to continue from"
        + (refused.isEmpty ? "; start without --resume" : "\n" + refused.joined(separator: "\n"))
    case .damagedCheckpoint(let path, let reason):
      return "\(path): the checkpoint is damaged: \(reason)"
    case .runExists(let folder):
      return "\(folder): this folder already holds a run\n"
        + "continue it with --resume or choose another folder with --output"
    case .notFrozen:
      return "cache_frozen: no encoder is frozen, so nothing can be kept\n"
        + "freeze 'unit_base_model.backbone.*' (with a preprocessing that pads every picture to "
        + "one size) or 'bert_model.*' in optimizer.freeze, or leave cache_frozen out"
    case .picturesUnnamed(let task):
      return "task '\(task)': questions_per_picture needs a dataset that names its pictures\n"
        + "leave it out, or take one of the kinds vqa and easy-vqa"
    case .augmentationUnfit(let task, let key, let reason):
      return "task '\(task)': augment.\(key) \(reason)"
    case .tableUnfit(let reason):
      return "no table: \(reason)"
    case .metricMissing(let metric, let known):
      return "the evaluation gives no metric '\(metric)', which the recipe monitors; it gives "
        + known.joined(separator: ", ")
    }
  }
}
