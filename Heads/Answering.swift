import Inputs
import Models

/// What a user asks of a model: pictures and texts in, answers out, by the one path of pixels that
/// training and evaluation use too.
extension MultitaskModel {
  /// The objects in a picture.
  ///
  /// - Parameters:
  ///   - image: the upright original.
  ///   - task: a detection task; nil for the model's first.
  ///   - threshold: least score, in `0...1`.
  ///   - limit: how many objects at most; nil for all.
  ///   - attributes: whether attributes are wanted.
  /// - Returns: objects in pixels of the original, most probable first.
  /// - Throws: `ConfigurationError.unknownTask`, `AnsweringError`.
  public func detect(
    _ image: Image, task: String? = nil, threshold: Float = 0.5, limit: Int? = nil,
    attributes: Bool = false
  ) throws -> [Detection] {
    let task = try self.task(task, for: .detection)
    let answer = answers(
      images: try batch([image]), texts: nil, task: task,
      request: AnswerRequest(sizes: [(image.width, image.height)], attributes: attributes))[0]
    guard case .detections(let found) = answer else { return [] }
    return Array(found.filter { $0.score >= threshold }.prefix(limit ?? found.count))
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
    let task = try self.task(task, for: .question)
    let images = try batch([image])
    return texts.map { text in
      let answer = answers(
        images: images, texts: tokens([(text, nil)], task: task), task: task,
        request: AnswerRequest())[0]
      guard case .ranked(let ranked) = answer else { return [] }
      return ranked
    }
  }

  /// The class of a text or of a pair of texts.
  ///
  /// - Throws: `ConfigurationError.unknownTask`, `AnsweringError`.
  public func read(_ text: String, _ second: String? = nil, task: String? = nil) throws
    -> [RankedAnswer]
  {
    let task = try self.task(task, for: .text)
    let answer = answers(
      images: nil, texts: tokens([(text, second)], task: task), task: task,
      request: AnswerRequest())[0]
    guard case .ranked(let ranked) = answer else { return [] }
    return ranked
  }

  /// The named task, or the first that fits, checked to be of the wanted kind.
  public func task(_ name: String?, for use: TaskUse) throws -> TaskSpec {
    guard let name else {
      if let first = configuration.tasks.first(where: use.fits) { return first }
      throw AnsweringError.noTask(use: use)
    }
    let task = try configuration.task(named: name)
    guard use.fits(task) else {
      throw AnsweringError.wrongTask(
        name: name, use: use, fitting: configuration.tasks.filter(use.fits).map(\.name))
    }
    return task
  }

  /// The network's view of upright pictures of any sizes, padded to one batch.
  public func batch(_ images: [Image]) throws -> ImageBatch {
    guard let preprocessing = configuration.preprocessing else {
      throw AnsweringError.noTask(use: .detection)
    }
    return Preprocessing.batch(images.map { preprocessing($0) })
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

  func fits(_ task: TaskSpec) -> Bool {
    switch self {
    case .detection: task.head == "detection"
    case .question: task.head != "detection" && Set(task.inputs) == [.image, .text]
    case .text: task.head != "detection" && task.inputs == [.text]
    }
  }

  var phrase: String {
    switch self {
    case .detection: "finds objects"
    case .question: "answers questions about pictures"
    case .text: "reads texts alone"
    }
  }
}

/// A request that a model is not made for.
public enum AnsweringError: Error, CustomStringConvertible, Equatable {
  /// The model has no task of the wanted kind.
  case noTask(use: TaskUse)
  /// The named task is of another kind.
  case wrongTask(name: String, use: TaskUse, fitting: [String])

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
    }
  }
}
