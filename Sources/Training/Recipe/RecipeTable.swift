import Recipes

extension Recipe {
  /// Which models `unit table` compares; the questions of the paper's tables 1 to 3.
  public struct Table: Sendable, Equatable, Codable {
    /// A way to train all tasks.
    public enum Row: String, Sendable, Codable, CaseIterable {
      /// A model for each task.
      case single
      /// One model with a decoder for each task.
      case separate
      /// One model with one decoder.
      case shared
      /// The same, beginning with the weights of the single detector.
      case detectorFirst = "detector_first"
    }

    /// Whether models have task tokens.
    public enum TaskTokens: String, Sendable, Codable, CaseIterable {
      case with, without, both
    }

    /// The ways, in the order of the table.
    public var rows: [Row]
    /// Seeds with which each is trained; nil for the recipe's own.
    public var seeds: [UInt64]?
    /// With task tokens, without, or each.
    public var taskTokens: TaskTokens
    /// The task whose single model `detector_first` begins with; nil for the first that finds
    /// objects.
    public var detector: String?
    /// The metric of a task's column, by the task's name, where it is not the usual one.
    public var metrics: [String: String]

    /// All rows, with the recipe's seed and task tokens, unless others are given.
    public init(
      rows: [Row] = Row.allCases, seeds: [UInt64]? = nil, taskTokens: TaskTokens = .with,
      detector: String? = nil, metrics: [String: String] = [:]
    ) {
      self.rows = rows
      self.seeds = seeds
      self.taskTokens = taskTokens
      self.detector = detector
      self.metrics = metrics
    }

    static let keys = ["rows", "seeds", "task_tokens", "detector", "metrics"]

    init(_ fields: RecipeFields, tasks: [TaskSpec]) throws {
      self.init()
      if let names = try fields.strings("rows") {
        let known = Row.allCases.map(\.rawValue)
        rows = try names.map { name in
          guard let row = Row(rawValue: name) else {
            throw fields.failure(
              "rows", "expects some of \(known.joined(separator: ", ")), found '\(name)'")
          }
          return row
        }
        if names.isEmpty || Set(names).count < names.count {
          throw fields.failure("rows", "expects each row once, and at least one")
        }
      }
      seeds = try fields.integers("seeds", in: 0...Int.max)?.map(UInt64.init)
      if let seeds, Set(seeds).count < seeds.count {
        throw fields.failure("seeds", "names a seed twice")
      }
      taskTokens = try fields.choice("task_tokens", TaskTokens.self) ?? .with
      let names = tasks.map(\.task)
      detector = try fields.string("detector")
      if let detector, !names.contains(detector) {
        throw fields.failure(
          "detector", "expects one of \(names.joined(separator: ", ")), found '\(detector)'")
      }
      if let entries = try fields.fields("metrics", known: names) {
        for name in names { metrics[name] = try entries.string(name) }
      }
    }
  }
}
