import Datasets
import Heads
import Metrics
import Models
import Tensors

/// How well a model does one task, and what it answered.
public struct TaskEvaluation: Sendable {
  /// What the model answered to one sample.
  public struct Prediction: Sendable {
    /// The sample's name.
    public let sample: String
    /// The answer.
    public let answer: HeadAnswer
  }

  /// Number of samples.
  public let count: Int
  /// Named figures, the most telling one first: COCO's twelve numbers for a detection task, and where
  /// it has attributes `attribute_accuracy`, how many of the objects that were found are described
  /// rightly, and `attribute_recall`, how many of all; `accuracy` and `macro_f1` for the others.
  public let metrics: [(name: String, value: Double)]
  /// The answers in the order of the samples.
  public let predictions: [Prediction]
  /// COCO's evaluation of a detection task; nil for the others.
  public let boxes: CocoEvaluation?
  /// What was taken for what; a detection task has the background as its last class.
  public let confusion: ConfusionMatrix
  /// How right each answer is, in 0...1, in the order of the samples: the F1 of a picture's
  /// detections, the weight of the first answer.
  public let rightness: [Double]

  /// Lets a model answer every sample of a dataset and compares the answers with the truth.
  ///
  /// - Parameters:
  ///   - batch: samples that are answered at once; it changes the speed, not the figures.
  ///   - progress: called after every batch with the number of samples done.
  /// - Throws: what a sample's reader throws, `BatchError`.
  public init(
    of model: MultitaskModel, task: TaskSpec, on dataset: any TaskDataset, batch: Int = 32,
    progress: (Int) -> Void = { _ in }
  ) throws {
    precondition(batch > 0, "a batch cannot have \(batch) samples")
    var predictions: [Prediction] = []
    predictions.reserveCapacity(dataset.count)
    var detection = DetectionFigures(task)
    var ranking = RankingFigures(task)
    for start in stride(from: 0, to: dataset.count, by: batch) {
      let samples = try (start..<min(start + batch, dataset.count)).map { try dataset.sample($0) }
      let inputs = try TaskBatch(samples, task: task, model: model)
      let answers = try Self.answers(samples, inputs, task: task, model: model)
      for (index, (sample, answer)) in zip(samples, answers).enumerated() {
        switch (sample.target, answer) {
        case (.objects(let objects), .detections(let found)):
          detection.add(objects, sample.marked, found, size: inputs.sizes[index])
        case (.answers(let rated), .ranked(let ranked)): ranking.add(rated, ranked)
        case (.category(let row), .ranked(let ranked)): ranking.add([(row, 1)], ranked)
        default:
          throw BatchError.lacks(task: task.name, sample: sample.name, what: "fitting target")
        }
        predictions.append(Prediction(sample: sample.name, answer: answer))
      }
      progress(predictions.count)
    }
    count = predictions.count
    if task.head == "detection" {
      let evaluation = detection.evaluation
      boxes = evaluation
      metrics = detection.metrics(evaluation)
      confusion = detection.confusion.matrix
      rightness = detection.rightness
    } else {
      boxes = nil
      metrics = ranking.metrics
      confusion = ranking.confusion
      rightness = ranking.rightness
    }
    self.predictions = predictions
  }

  /// The answers that a user would get.
  private static func answers(
    _ samples: [Sample], _ inputs: TaskBatch, task: TaskSpec, model: MultitaskModel
  ) throws -> [HeadAnswer] {
    let attributes = task.attributes != nil
    guard task.secondLook != nil else {
      return model.answers(
        images: inputs.images, texts: inputs.texts, task: task,
        request: AnswerRequest(sizes: inputs.sizes, attributes: attributes))
    }
    // A second look goes back to each original.
    return try samples.compactMap(\.image).map {
      .detections(try model.detect($0, task: task, attributes: attributes))
    }
  }
}

/// Gathers boxes for COCO's figures, and how often the right attribute is told.
private struct DetectionFigures {
  private let task: TaskSpec
  private var truth: [GroundTruthBox] = []
  private var found: [ScoredBox] = []
  private var pictures = 0
  private(set) var confusion: BoxConfusion
  private(set) var rightness: [Double] = []
  private var (described, covered, describedRight) = (0, 0, 0)

  init(_ task: TaskSpec) {
    self.task = task
    confusion = BoxConfusion(task)
  }

  mutating func add(
    _ objects: ObjectTargets, _ counted: [GroundTruthBox]?, _ detections: [Detection],
    size: (width: Int, height: Int)
  ) {
    let (width, height) = (Double(size.width), Double(size.height))
    for (object, (label, box)) in zip(objects.labels, objects.boxes).enumerated() {
      let marked = GroundTruthBox(
        image: pictures, category: task.labelIDs?[label] ?? label,
        x: Double(box.centerX - box.width / 2) * width,
        y: Double(box.centerY - box.height / 2) * height, width: Double(box.width) * width,
        height: Double(box.height) * height)
      if counted == nil { truth.append(marked) }
      describe(marked, attributes: objects.attributes[object], detections)
    }
    truth += (counted ?? []).map { box in
      var box = box
      box.image = pictures
      return box
    }
    found += detections.map { detection in
      ScoredBox(
        image: pictures, category: detection.classID, x: Double(detection.box.x),
        y: Double(detection.box.y), width: Double(detection.box.width),
        height: Double(detection.box.height), score: Double(detection.score))
    }
    pictures += 1
    let size = (width: Float(width), height: Float(height))
    let marked = zip(objects.labels, objects.boxes).map { row, box in
      let corner = (x: box.centerX - box.width / 2, y: box.centerY - box.height / 2)
      return (
        row: row,
        box: Detection.Box(
          x: corner.x * size.width, y: corner.y * size.height, width: box.width * size.width,
          height: box.height * size.height)
      )
    }
    rightness.append(confusion.add(marked, detections))
  }

  // An object counts as described rightly if the most probable detection that covers it (overlap
  // of at least one half) names one of its attributes first.
  private mutating func describe(
    _ object: GroundTruthBox, attributes: [Int], _ detections: [Detection]
  ) {
    guard let known = task.attributes, !attributes.isEmpty else { return }
    described += 1
    let box = Detection.Box(
      x: Float(object.x), y: Float(object.y), width: Float(object.width),
      height: Float(object.height))
    guard let covering = detections.first(where: { $0.box.overlap(with: box) >= 0.5 }) else {
      return
    }
    covered += 1
    guard let named = covering.attributes.first?.label else { return }
    if attributes.contains(where: { known.labels[$0] == named }) { describedRight += 1 }
  }

  var evaluation: CocoEvaluation {
    CocoEvaluation(truth: truth, detections: found, images: Array(0..<pictures))
  }

  func metrics(_ evaluation: CocoEvaluation) -> [(name: String, value: Double)] {
    var values = evaluation.summary.values
    if described > 0 {
      values.append(("attribute_accuracy", Double(describedRight) / Double(max(1, covered))))
      values.append(("attribute_recall", Double(describedRight) / Double(described)))
    }
    return values
  }
}

/// Counts right first answers.
private struct RankingFigures {
  private let labels: [String]
  private var right = 0.0
  private var count = 0
  private(set) var confusion: ConfusionMatrix
  private(set) var rightness: [Double] = []

  init(_ task: TaskSpec) {
    labels = task.labels
    confusion = ConfusionMatrix(classes: max(1, labels.count))
  }

  mutating func add(_ rated: [(row: Int, weight: Float)], _ ranked: [RankedAnswer]) {
    count += 1
    rightness.append(0)
    guard let answer = ranked.first, let row = labels.firstIndex(of: answer.answer) else { return }
    let weight = Double(rated.first { $0.row == row }?.weight ?? 0)
    right += weight
    rightness[rightness.count - 1] = weight
    if let best = rated.max(by: { $0.weight < $1.weight }) {
      confusion.add(truth: best.row, prediction: row)
    }
  }

  var metrics: [(name: String, value: Double)] {
    [
      ("accuracy", count == 0 ? .nan : right / Double(count)), ("macro_f1", confusion.macroF1),
    ]
  }
}
