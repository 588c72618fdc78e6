import Datasets
import Heads
import Inputs
import Models
import Tensors

/// Samples of one task as the network takes them.
public struct TaskBatch: Sendable {
  /// The pictures, padded to one size; nil for a task without pictures.
  public let images: ImageBatch?
  /// The texts, padded to one length; nil for a task without texts.
  public let texts: TokenBatch?
  /// What encoders that are not trained gave for the inputs, where it is known.
  public let known: KnownStates
  /// What the answers should be.
  public let targets: Targets
  /// Width and height in pixels of the original pictures.
  public let sizes: [(width: Int, height: Int)]
  /// The samples' names.
  public let names: [String]

  /// Joins samples to a batch.
  ///
  /// - Parameters:
  ///   - samplesPerPicture: how many samples that follow one another have the same picture, which
  ///     the first of them brings along.
  ///   - pictures: what is known of the pictures already, for all pictures or none.
  ///   - textStates: gives the states of texts where the text encoder is not trained.
  /// - Throws: `BatchError` when a sample lacks what the task reads or learns from.
  public init(
    _ samples: [Sample], task: TaskSpec, model: MultitaskModel, samplesPerPicture: Int = 1,
    pictures: [KnownPicture]? = nil, textStates: TextStates? = nil
  ) throws {
    names = samples.map(\.name)
    var known = KnownStates()
    if task.inputs.contains(.image), let pictures, let first = pictures.first {
      images = ImageBatch(sizes: pictures.map(\.size), extent: first.extent)
      sizes = pictures.map { ($0.original.width, $0.original.height) }
      known.features = concatenated(pictures.map(\.features), axis: 0)
    } else if task.inputs.contains(.image) {
      let first = stride(from: 0, to: samples.count, by: samplesPerPicture).map { samples[$0] }
      let pictures = try first.map { sample in
        guard let image = sample.image else {
          throw BatchError.lacks(task: task.name, sample: sample.name, what: "picture")
        }
        return image
      }
      images = try model.batch(pictures, task: task)
      sizes = pictures.map { ($0.width, $0.height) }
    } else {
      images = nil
      sizes = []
    }
    if task.inputs.contains(.text) {
      let pairs = try samples.map { sample in
        guard let text = sample.text else {
          throw BatchError.lacks(task: task.name, sample: sample.name, what: "text")
        }
        return (first: text, second: sample.secondText)
      }
      known.text = textStates?.states(of: model.sequences(pairs, task: task))
      texts = model.tokens(pairs, task: task)
    } else {
      texts = nil
    }
    self.known = known
    targets = try Self.targets(samples, task: task)
  }

  private static func targets(_ samples: [Sample], task: TaskSpec) throws -> Targets {
    func lacks(_ sample: Sample, _ what: String) -> BatchError {
      .lacks(task: task.name, sample: sample.name, what: what)
    }
    switch task.head {
    case "detection":
      return .objects(
        try samples.map { sample in
          guard case .objects(let objects) = sample.target else { throw lacks(sample, "boxes") }
          return objects
        })
    case "answer":
      let columns = task.labels.count
      var weights = [Float](repeating: 0, count: samples.count * columns)
      for (item, sample) in samples.enumerated() {
        let rated: [(row: Int, weight: Float)]
        switch sample.target {
        case .answers(let answers): rated = answers
        case .category(let row): rated = [(row, 1)]
        case .objects: throw lacks(sample, "answers")
        }
        for answer in rated {
          guard answer.row >= 0 && answer.row < columns else {
            throw TargetError.labelOutOfRange(
              task: task.name, label: answer.row, rows: columns)
          }
          weights[item * columns + answer.row] = answer.weight
        }
      }
      return .answers(Tensor(weights, shape: [samples.count, columns]))
    default:
      return .classes(
        try samples.map { sample in
          guard case .category(let row) = sample.target else { throw lacks(sample, "a class") }
          return row
        })
    }
  }
}

/// A sample that a task cannot use.
public enum BatchError: Error, CustomStringConvertible, Equatable {
  /// The sample lacks an input or a target of the task.
  case lacks(task: String, sample: String, what: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .lacks(let task, let sample, let what):
      return "task '\(task)': the sample \(sample) has no \(what). "
        + "Choose a dataset that fits the task."
    }
  }
}
