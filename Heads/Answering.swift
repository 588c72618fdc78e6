import Inputs
import Models

/// What a user asks of a model: pictures and texts in, answers out, by the one path of pixels that
/// training and evaluation use too.
extension AnsweringModel {
  /// The objects in a picture.
  ///
  /// - Parameters:
  ///   - image: the upright original.
  ///   - task: a detection task; nil for the model's first.
  ///   - threshold: what a score must be above, in `0...1`; nil for the task's own.
  ///   - limit: how many objects at most; nil for all.
  ///   - attributes: whether attributes are wanted.
  /// - Returns: objects in pixels of the original, most probable first.
  /// - Throws: `ConfigurationError.unknownTask`, `AnsweringError`.
  public func detect(
    _ image: Image, task: String? = nil, threshold: Float? = nil, limit: Int? = nil,
    attributes: Bool = false
  ) throws -> [Detection] {
    let task = try self.task(task, for: .detection)
    let found = try detect(image, task: task, attributes: attributes)
    let threshold = threshold ?? task.threshold ?? TaskSpec.standardThreshold
    return Array(found.filter { $0.score > threshold }.prefix(limit ?? found.count))
  }

  /// The answers to questions about one picture (or classes of statements about it).
  ///
  /// - Parameters:
  ///   - image: the upright original.
  ///   - texts: questions or hypotheses.
  ///   - task: a task that reads a picture and a text; nil for the model's first.
  /// - Returns: for each text its answers, most probable first.
  /// - Throws: `ConfigurationError.unknownTask`, `AnsweringError`.
  public func ask(_ image: Image, _ texts: [String], task: String? = nil) throws
    -> [[RankedAnswer]]
  {
    try ask(image, texts, task: self.task(task, for: .question))
  }

  /// The class of a text or of a pair of texts.
  ///
  /// - Throws: `ConfigurationError.unknownTask`, `AnsweringError`.
  public func read(_ text: String, _ second: String? = nil, task: String? = nil) throws
    -> [RankedAnswer]
  {
    try read(text, second, task: self.task(task, for: .text))
  }

  /// The classes of a picture, most probable first.
  ///
  /// - Throws: `ConfigurationError.unknownTask`, `AnsweringError`.
  public func classify(_ image: Image, task: String? = nil) throws -> [RankedAnswer] {
    try classify(image, task: self.task(task, for: .picture))
  }

  /// The task of the given name.
  ///
  /// - Throws: `ConfigurationError.unknownTask` with a suggestion.
  public func task(named name: String) throws -> TaskSpec {
    if let task = tasks.first(where: { $0.name == name }) { return task }
    throw ConfigurationError.unknownTask(name: name, known: tasks.map(\.name))
  }

  /// The named task, or the first that fits, checked to be of the wanted kind.
  public func task(_ name: String?, for use: TaskUse) throws -> TaskSpec {
    guard let name else {
      if let first = tasks.first(where: use.fits) { return first }
      throw AnsweringError.noTask(use: use)
    }
    let task = try self.task(named: name)
    guard use.fits(task) else {
      throw AnsweringError.wrongTask(
        name: name, use: use, fitting: tasks.filter(use.fits).map(\.name))
    }
    return task
  }

  /// The network's view of upright pictures of any sizes, padded to one batch.
  ///
  /// - Parameter task: whose preprocessing counts where it has one of its own.
  public func batch(_ images: [Image], task: TaskSpec? = nil) throws -> ImageBatch {
    guard let preprocessing = task?.preprocessing ?? preprocessing else {
      throw AnsweringError.noTask(use: .detection)
    }
    return preprocessing.batch(images)
  }
}

/// What a task is wanted for.
public enum TaskUse: String, Sendable {
  /// Objects of a picture.
  case detection
  /// A text about a picture.
  case question
  /// A text alone.
  case text
  /// The class of a whole picture.
  case picture

  func fits(_ task: TaskSpec) -> Bool {
    switch self {
    case .detection: task.head == "detection"
    case .question: task.head != "detection" && Set(task.inputs) == [.image, .text]
    case .text: task.head != "detection" && task.inputs == [.text]
    case .picture: task.head != "detection" && task.inputs == [.image]
    }
  }

  var phrase: String {
    switch self {
    case .detection: "finds objects"
    case .question: "answers questions about pictures"
    case .text: "reads texts alone"
    case .picture: "classifies pictures"
    }
  }
}

/// A request that a model is not made for.
public enum AnsweringError: Error, CustomStringConvertible, Equatable {
  /// The model has no task of the wanted kind.
  case noTask(use: TaskUse)
  /// The named task is of another kind.
  case wrongTask(name: String, use: TaskUse, fitting: [String])
  /// The task compares two texts, and one was given.
  case needsSecond(task: String)
  /// The layout has no place for a model of this kind.
  case noLayout(layout: ModelLayout, family: String)

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .noTask(let use):
      return "the model has no task that \(use.phrase). Choose another model with --model."
    case .wrongTask(let name, let use, let fitting):
      let hint =
        fitting.isEmpty
        ? "the model has none that does" : "use \(fitting.joined(separator: " or "))"
      return "the task '\(name)' is not one that \(use.phrase); \(hint)."
    case .needsSecond(let task):
      return "the task '\(task)' compares two texts, one was given; give a second one."
    case .noLayout(let layout, let family):
      return "the layout '\(layout.rawValue)' has no place for a model of the family '\(family)'; "
        + "convert it to the layout '\(ModelLayout.unit.rawValue)'."
    }
  }
}
