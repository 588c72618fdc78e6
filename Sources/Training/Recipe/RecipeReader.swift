import Foundation
import Recipes

extension Recipe {
  /// Reads a recipe and applies overrides.
  ///
  /// - Parameters:
  ///   - file: a YAML file; paths in it are relative to its folder.
  ///   - overrides: assignments such as `optimizer.lr=1e-3` or `tasks.0.batch=16`.
  /// - Throws: `RecipeError` with the line of the mistake.
  public init(contentsOf file: String, overrides: [String] = []) throws {
    let recipe = try RecipeFile(contentsOf: file)
    try self.init(
      parsing: recipe.text, file: file, folder: recipe.folder, overrides: overrides)
  }

  /// Reads a recipe from text.
  ///
  /// - Parameters:
  ///   - text: the recipe in YAML.
  ///   - file: its name in errors.
  ///   - folder: where relative paths begin.
  ///   - overrides: assignments such as `optimizer.lr=1e-3`.
  public init(
    parsing text: String, file: String, folder: String, overrides: [String] = []
  ) throws {
    var tree = try RecipeTree(parsing: text, file: file)
    for assignment in overrides { try tree.set(assignment, file: file) }
    let fields = try RecipeFields(tree, path: "", file: file, known: Recipe.keys)
    seed = UInt64(try fields.integer("seed", in: 0...Int.max) ?? 0)
    model = try Recipe.model(fields, folder: folder)
    (weights, parts) = try Recipe.weights(fields, folder: folder)
    cachesFrozen = try fields.boolean("cache_frozen")
    let tasks = try fields.required("tasks", try fields.list("tasks", known: TaskSpec.keys))
    self.tasks = try tasks.map { try TaskSpec($0, folder: folder) }
    guard !tasks.isEmpty else { throw fields.failure("tasks", "is empty: name at least one task") }
    let names = self.tasks.map(\.task)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw fields.failure("tasks", "names the task '\(twice)' twice")
    }
    guard self.tasks.contains(where: { $0.ratio > 0 }) else {
      throw fields.failure("tasks", "gives every task the ratio 0")
    }
    steps = try fields.required("steps", try fields.integer("steps", in: 1...1_000_000_000))
    sampling = try Recipe.sampling(fields, tasks: self.tasks, steps: steps)
    let accumulate = try fields.integer("accumulate", in: 1...4096) ?? 1
    self.accumulate = accumulate == 1 ? nil : accumulate
    let optimizer = try fields.fields("optimizer", known: Optimizer.keys)
    self.optimizer = try Optimizer(try fields.required("optimizer", optimizer))
    schedule = try ScheduleSpec(
      try fields.fields("schedule", known: ["warmup", "kind"]), steps: steps)
    average = try Recipe.average(try fields.fields("ema", known: ["decay", "warmup"]))
    monitor = try Recipe.monitor(try fields.fields("monitor", known: ["metric", "better"]))
    evaluateEvery = try fields.integer("evaluate_every", in: 0...Int.max) ?? 0
    earlyStopping = try Recipe.earlyStopping(fields, evaluateEvery: evaluateEvery)
    checkpointEvery = try fields.integer("checkpoint_every", in: 0...Int.max) ?? 500
    logEvery = try fields.integer("log_every", in: 1...Int.max) ?? 10
    output = try fields.string("output").map { RecipeFile.resolve($0, in: folder) }
    threads = try fields.integer("threads", in: 1...1024)
    card = try Recipe.card(try fields.fields("card", known: ["license", "language", "title"]))
    let specs = self.tasks
    table = try fields.fields("table", known: Table.keys).map { try Table($0, tasks: specs) }
  }

  private static let keys = [
    "seed", "model", "weights", "cache_frozen", "tasks", "sampling", "steps", "accumulate",
    "optimizer", "schedule", "ema", "monitor", "early_stopping", "evaluate_every",
    "checkpoint_every", "log_every", "output", "threads", "card", "table",
  ]

  private static func model(_ fields: RecipeFields, folder: String) throws -> Model {
    let value = try fields.required("model", fields.value("model"))
    switch value.content {
    case .scalar(let path, _): return .file(RecipeFile.resolve(path, in: folder))
    case .mapping: return .inline(String(decoding: try value.json(), as: UTF8.self))
    case .sequence:
      throw fields.failure("model", "expects the path of a JSON file, or keys and values")
    }
  }

  private static func weights(
    _ fields: RecipeFields, folder: String
  ) throws -> (whole: String?, parts: Parts?) {
    guard let value = fields.value("weights") else { return (nil, nil) }
    guard case .mapping = value.content else {
      return (try fields.string("weights").map { RecipeFile.resolve($0, in: folder) }, nil)
    }
    guard let parts = try fields.fields("weights", known: ["image", "text"]) else {
      return (nil, nil)
    }
    func path(_ key: String) throws -> String? {
      try parts.string(key).map { RecipeFile.resolve($0, in: folder) }
    }
    return (nil, Parts(image: try path("image"), text: try path("text")))
  }

  private static func card(_ fields: RecipeFields?) throws -> Card? {
    guard let fields else { return nil }
    return Card(
      license: try fields.string("license"), language: try fields.string("language"),
      title: try fields.string("title"))
  }

  private static func average(_ fields: RecipeFields?) throws -> Average? {
    guard let fields else { return nil }
    let decay = try fields.number("decay", in: 0...0.999_999_9)
    let average = Average(
      decay: try fields.required("decay", decay), warmsUp: try fields.boolean("warmup") ?? true)
    return average
  }

  private static func monitor(_ fields: RecipeFields?) throws -> Monitor {
    enum Direction: String, CaseIterable { case larger, smaller }
    guard let fields else { return Monitor(metric: nil, prefersSmaller: false) }
    let monitor = Monitor(
      metric: try fields.string("metric"),
      prefersSmaller: try fields.choice("better", Direction.self) == .smaller)
    return monitor
  }
}

extension Recipe.TaskSpec {
  fileprivate static let keys = [
    "task", "dataset", "ratio", "steps", "batch", "questions_per_picture", "loss_weight", "augment",
  ]

  init(_ fields: RecipeFields, folder: String) throws {
    task = try fields.required("task", try fields.string("task"))
    let dataset = try fields.required(
      "dataset",
      try fields.fields("dataset", known: ["kind", "path", "split", "evaluation_split"]))
    self.dataset = Recipe.Dataset(
      kind: try dataset.required("kind", try dataset.string("kind")),
      path: RecipeFile.resolve(
        try dataset.required("path", try dataset.string("path")), in: folder),
      split: try dataset.string("split") ?? "train",
      evaluationSplit: try dataset.string("evaluation_split"))
    ratio = try fields.number("ratio", in: 0...1e9) ?? 1
    steps = try fields.integer("steps", in: 0...1_000_000_000)
    batch = try fields.required("batch", try fields.integer("batch", in: 1...65_536))
    questionsPerPicture = try fields.integer("questions_per_picture", in: 1...batch)
    if let questions = questionsPerPicture, batch % questions != 0 {
      throw fields.failure(
        "questions_per_picture", "is \(questions), which does not divide the batch of \(batch)")
    }
    lossWeight = try fields.number("loss_weight", in: 0...1e9) ?? 1
    augmentation = try PictureAugmentation(fields)
  }
}

extension Recipe.Optimizer {
  fileprivate static let keys = [
    "lr", "weight_decay", "layer_decay", "groups", "no_decay", "freeze", "betas", "eps", "clip",
  ]

  init(_ fields: RecipeFields) throws {
    let rate = try fields.number("lr", in: 0...1e6)
    let decay = try fields.number("weight_decay", in: 0...1e6)
    let groups = try fields.list("groups", known: ["match", "lr", "weight_decay"]) ?? []
    self.groups = ParameterGroups(
      learningRate: try fields.required("lr", rate), weightDecay: decay ?? 0.01,
      groups: try groups.map { group in
        ParameterGroups.Group(
          match: try group.required("match", try group.string("match")),
          learningRate: try group.number("lr", in: 0...1e6),
          weightDecay: try group.number("weight_decay", in: 0...1e6))
      },
      withoutDecay: try fields.strings("no_decay") ?? [],
      frozen: try fields.strings("freeze") ?? [],
      layerDecay: try fields.number("layer_decay", in: 0.001...1))
    betas = try fields.numbers("betas", count: 2, in: 0...0.999_999_9) ?? [0.9, 0.999]
    epsilon = try fields.number("eps", in: 1e-30...1) ?? 1e-8
    clip = try fields.number("clip", in: 1e-12...1e12)
  }
}

extension Recipe.ScheduleSpec {
  init(_ fields: RecipeFields?, steps: Int) throws {
    warmup = try fields?.integer("warmup", in: 0...steps) ?? 0
    kind = try fields?.choice("kind", Schedule.Kind.self) ?? .cosine
  }
}
