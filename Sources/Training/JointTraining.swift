import Checkpoints
import Datasets
import Foundation
import Heads
import Inputs
import Layers
import Models
import Tensors
import Wording

extension MultitaskModel: TrainableModel {
  /// The loss of a task's batch and its terms.
  public func loss(of batch: TaskBatch, task: String) throws -> TaskLoss {
    let (terms, diagnostics) = try training(
      images: batch.images, texts: batch.texts, known: batch.known, targets: batch.targets,
      task: configuration.task(named: task))
    return TaskLoss(
      loss: terms.total, terms: terms.map { ($0.name, $0.value) }, diagnostics: diagnostics)
  }
}

/// The joint training of a UniT model on the tasks of a recipe, from the recipe to the model
/// directory.
public struct JointTraining {
  /// The recipe.
  public let recipe: Recipe
  /// The model that is trained.
  public let model: MultitaskModel
  /// The trainer, ready to run.
  public let trainer: Trainer<MultitaskModel>
  /// What the model took over from the recipe's `weights`, or nil without.
  public let weights: TransferReport?
  /// Samples of each task that are trained and measured, or nil for all.
  public let firstSamples: Int?

  /// Builds the model and opens the datasets.
  ///
  /// - Parameters:
  ///   - recipe: what to train.
  ///   - folder: folder of the run.
  ///   - options: how the run begins and ends.
  ///   - firstSamples: trains on that many samples of each task only, and measures on the very same.
  ///   - features: folder for what frozen encoders give; nil for `features` in the run's.
  /// - Throws: errors of the configuration, the vocabulary, the weights and the datasets.
  public init(
    _ recipe: Recipe, folder: String, options: Trainer<MultitaskModel>.Options,
    firstSamples: Int? = nil, features: String? = nil
  ) throws {
    self.recipe = recipe
    self.firstSamples = firstSamples
    let (model, weights) = try Self.model(of: recipe)
    self.model = model
    self.weights = weights
    var options = options
    options.weights = weights
    // The patterns freeze parameters, which decides what the loaders may compute ahead.
    _ = try recipe.optimizer.groups.rates(of: model.parameters)
    var learnt: [(entry: Recipe.TaskSpec, task: TaskSpec, data: any TaskDataset)] = []
    var evaluated: [(task: TaskSpec, data: any TaskDataset)] = []
    for entry in recipe.tasks {
      let task = try model.configuration.task(named: entry.task)
      func open(_ split: String) throws -> any TaskDataset {
        try DatasetRegistry.open(
          DatasetSource(kind: entry.dataset.kind, path: entry.dataset.path, split: split),
          for: task)
      }
      let data = try open(entry.dataset.split)
      if let firstSamples, data.count > 0 {
        let first = FirstSamples(firstSamples, of: data)
        learnt.append((entry, task, first))
        evaluated.append((task, first))
        continue
      }
      learnt.append((entry, task, data))
      if let split = entry.dataset.evaluationSplit {
        evaluated.append((task, try open(split)))
      }
    }
    let frozen =
      recipe.cachesFrozen == true
      ? try FrozenEncoders(
        model, tasks: learnt.map { ($0.task, $0.data) }, folder: features ?? folder + "/features")
      : nil
    var sources: [String: any BatchSource<TaskBatch>] = [:]
    for (entry, task, data) in learnt {
      sources[task.name] = try Self.batches(
        of: data, entry, task: task, model: model, frozen: frozen, seed: recipe.seed)
    }
    trainer = try Trainer(
      model, recipe: recipe, sources: sources, folder: folder, options: options)
    let measured = evaluated
    let reports = trainer.folder.reports
    trainer.evaluate = { step in
      try measured.flatMap { task, data in
        let evaluation = try TaskEvaluation(of: model, task: task, on: data)
        try reports.show(evaluation, of: task, on: data, step: step)
        return evaluation.metrics.map { (name: "\(task.name)/\($0.name)", value: $0.value) }
      }
    }
    let card = ModelCard(
      recipe: recipe, tasks: model.configuration.tasks,
      samples: learnt.map { _, task, data in
        ModelCard.Samples(
          task: task.name, learnt: data.count,
          measured: evaluated.first { $0.task.name == task.name }?.data.count)
      }, parameters: trainer.parameterCounts, command: options.command)
    trainer.describeModel = { [unowned trainer] folder in
      try ModelDirectory.describe(model, in: folder)
      try card.write(trainer.moment, to: folder)
      try frozen?.flush()
    }
  }

  /// A task's batches: samples in a new order every epoch, changed at random where the recipe says.
  private static func batches(
    of data: any TaskDataset, _ entry: Recipe.TaskSpec, task: TaskSpec, model: MultitaskModel,
    frozen: FrozenEncoders?, seed: UInt64
  ) throws -> any BatchSource<TaskBatch> {
    let augmentation = entry.augmentation
    try augmentation.check(for: task)
    let preprocessing = task.preprocessing ?? model.configuration.preprocessing
    // A picture that has got a random size keeps it.
    var collated = task
    if augmentation.multiScale != nil { collated.preprocessing = preprocessing?.keepingSizes }
    let first = data.count > 0 ? (try data.sample(0).name as NSString).lastPathComponent : ""
    let groups = try SampleGroups(of: data, size: entry.questionsPerPicture ?? 1, task: task.name)
    return try ShuffledBatches(
      task: task.name, seed: seed, sampleCount: groups.count,
      batchSize: max(1, entry.batch / groups.size),
      fingerprint: "\(entry.dataset.kind) \(entry.dataset.split) \(data.count) \(first)",
      load: { number, key in
        let drawn = groups.draw(number, key: key)
        let others = try drawn.dropFirst().map { try data.sampleWithoutPicture($0) }
        if !augmentation.changesAnything,
          let picture = try frozen?.picture(drawn[0], of: data, task: task)
        {
          return (
            samples: [try data.sampleWithoutPicture(drawn[0])] + others, picture: Optional(picture)
          )
        }
        let sample = augmentation(
          try data.sample(drawn[0]), filter: preprocessing?.filter ?? .bilinear, key: key)
        return (samples: [sample] + others, picture: nil)
      },
      collate: { [collated] loaded in
        let known = loaded.compactMap(\.picture)
        return try TaskBatch(
          loaded.flatMap(\.samples), task: collated, model: model, samplesPerPicture: groups.size,
          pictures: known.count == loaded.count ? known : nil, textStates: frozen?.texts)
      })
  }

  /// The configuration of a recipe's model.
  ///
  /// - Throws: `ConfigurationError`.
  static func configuration(of recipe: Recipe) throws -> UniTConfiguration {
    let (data, file): (Data, String)
    switch recipe.model {
    case .file(let path):
      guard let text = FileManager.default.contents(atPath: path) else {
        throw ConfigurationError.missing(file: path)
      }
      (data, file) = (text, path)
    case .inline(let text):
      (data, file) = (Data(text.utf8), "the recipe's model")
    }
    let configuration = try decodeStrictly(UniTConfiguration.self, from: data, file: file)
    try configuration.validate(file: file, heads: HeadRegistry.names)
    return configuration
  }

  /// Where the vocabulary lies: beside the configuration, or with the text encoder.
  static func vocabularyFolder(of recipe: Recipe) -> String {
    let folder = if case .file(let path) = recipe.model { parentFolder(of: path) } else { "." }
    let isBeside = FileManager.default.fileExists(
      atPath: folder + "/" + ModelDirectory.FileName.vocabulary)
    return isBeside ? folder : recipe.parts?.text ?? folder
  }

  /// The recipe's model: a configuration with its vocabulary beside it, and fresh weights or those
  /// that the recipe begins with.
  private static func model(of recipe: Recipe) throws -> (MultitaskModel, TransferReport?) {
    let configuration = try configuration(of: recipe)
    let folder = vocabularyFolder(of: recipe)
    let model = try MultitaskModel(
      configuration, wordPiece: ModelDirectory.wordPiece(folder, configuration),
      source: parts(of: recipe, configuration))
    guard let weights = recipe.weights else { return (model, nil) }
    let transfer = try WeightTransfer(
      opening: weights, for: model, vocabulary: folder + "/" + ModelDirectory.FileName.vocabulary)
    return (model, try transfer.apply(to: model))
  }

  /// Fresh weights, but for the parts that the recipe begins with.
  private static func parts(
    of recipe: Recipe, _ configuration: UniTConfiguration
  ) throws -> ParameterSource {
    var tensors: [String: Tensor] = [:]
    let files = [recipe.parts?.image, recipe.parts?.text].compactMap { $0 }
    if let file = recipe.parts?.image {
      let keepsClassifier =
        if case .efficientNetLite(let network) = configuration.image?.backbone {
          !network.classGroups.isEmpty
        } else { false }
      tensors = try PretrainedParts.imageNetwork(
        openCheckpoint(file).tensors(), file: file, keepsClassifier: keepsClassifier)
    }
    if let path = recipe.parts?.text {
      let (weights, file) = try ModelFolder(path).weights()
      tensors.merge(try PretrainedParts.textEncoder(weights, file: file)) { $1 }
    }
    return ParameterSource(
      seed: recipe.seed, but: tensors, from: files.joined(separator: ", "))
  }
}
