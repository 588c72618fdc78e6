import Annotations
import Foundation
import Heads
import Inputs
import Metrics
import Models
import Wording

/// VQAv2 (Goyal et al., 2017): questions about pictures, each answered by ten people.
///
/// The path is a folder with `v2_OpenEnded_mscoco_<part>2014_questions.json` and
/// `v2_mscoco_<part>2014_annotations.json`, or `<part>_questions.json` and
/// `<part>_annotations.json`, or `<part>/questions.json` and `<part>/annotations.json`. Pictures are
/// looked for by COCO's names in `<part>2014`, `<part>`, `images`, and beside the questions.
///
/// The targets are the official UniT's: an answer's weight is its accuracy, the mean over the ten
/// people of `min(1, matches among the other nine / 3)`; fewer than ten answers are repeated in
/// turn; answers that are not among the task's get no weight, nor does the unknown answer.
public struct VQA: TaskDataset {
  /// A question with what it is asked about.
  public struct Question: Sendable {
    /// Id of the question.
    public let id: Int
    /// The question.
    public let text: String
    /// The picture's file.
    public let picture: String
    /// The rows of the answers that are right to some degree.
    public let answers: [(row: Int, weight: Float)]
  }

  /// The questions in the order of the file.
  public let questions: [Question]

  /// Number of questions.
  public var count: Int { questions.count }

  /// A question with its picture.
  public func sample(_ index: Int) throws -> Sample {
    var sample = sampleWithoutPicture(index)
    sample.image = try Image(contentsOf: questions[index].picture)
    return sample
  }

  /// The picture's file.
  public func pictureName(_ index: Int) -> String? { questions[index].picture }

  /// A question alone.
  public func sampleWithoutPicture(_ index: Int) -> Sample {
    let question = questions[index]
    return Sample(
      name: "\(question.picture), question \(question.id)", text: question.text,
      target: .answers(question.answers))
  }

  @Sendable static func dataset(_ source: DatasetSource, for task: TaskSpec) throws
    -> any TaskDataset
  {
    guard task.head == "answer", task.inputs == [.image, .text] else {
      throw DatasetError.unfit(dataset: source.kind, task: task.name, head: task.head)
    }
    return try VQA(source, task: task)
  }

  /// Reads one part with the answers that a task knows.
  ///
  /// - Throws: `DatasetError`, `JSONError`.
  public init(_ source: DatasetSource, task: TaskSpec) throws {
    let files = try VQAFiles(source)
    let rows = try AnswerRows(task: task, folder: source.place)
    let pictures = try files.pictures()
    questions = try files.questions.map { question in
      Question(
        id: question.id, text: question.text, picture: pictures[question.picture]!,
        answers: rows.targets(try files.answers(to: question)))
    }
  }
}

/// The rows in which a task has the answers that people gave.
struct AnswerRows {
  private let rows: [String: Int]

  /// The answers are the task's labels. Where these are only numbered, as in a model that was
  /// imported without them, they are the lines of `answers_vqa.txt` or `answers.txt`.
  ///
  /// - Throws: `DatasetError` where such a file is missing or of another length.
  init(task: TaskSpec, folder: String) throws {
    var labels = task.labels
    if LabelRows.areNumbered(labels) {
      let files = ["answers_vqa.txt", "answers.txt"].map { path(folder, $0) }
      guard let file = files.first(where: isFile) else {
        throw DatasetError.missing(
          what: "the list of answers, which task '\(task.name)' has only numbers for,", tried: files
        )
      }
      labels = try textLines(of: file)
      guard labels.count == task.labels.count else {
        throw DatasetError.malformed(
          file: file, entry: "",
          reason: "expected \(task.labels.count) answers, one for each row of the task "
            + "'\(task.name)', found \(labels.count)")
      }
    }
    var rows: [String: Int] = [:]
    for (row, label) in labels.enumerated() where !["", "<unk>"].contains(label) {
      if rows[label] == nil { rows[label] = row }
    }
    self.rows = rows
  }

  /// How right each answer of the task is, given what people answered.
  func targets(_ people: [String]) -> [(row: Int, weight: Float)] {
    AnswerAccuracy.softTargets(people).compactMap { answer, score in
      rows[answer].map { ($0, Float(score)) }
    }
  }
}
