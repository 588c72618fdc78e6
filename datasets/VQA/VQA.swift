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
    let question = questions[index]
    return Sample(
      name: "\(question.picture), question \(question.id)",
      image: try Image(contentsOf: question.picture), text: question.text,
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
    let split = source.split
    let asked = try VQAQuestions(
      path: source.file(
        "VQA's questions of the part '\(split)'",
        among: Self.names(split, "questions", official: "v2_OpenEnded_mscoco_")))
    let folder = source.place
    let answersFile = try source.file(
      "VQA's annotations of the part '\(split)'",
      among: Self.names(split, "annotations", official: "v2_mscoco_"))
    let annotations = try VQAAnnotations(path: answersFile)
    let rows = try AnswerRows(task: task, folder: folder)
    let given = Dictionary(
      uniqueKeysWithValues: annotations.questions.map { ($0.id, $0.answers) })
    let ids = Set(asked.questions.map(\.picture)).sorted()
    let pictures = try Self.pictures(ids, asked.fileNames, folder: folder, split: split)
    questions = try asked.questions.map { question in
      guard let people = given[question.id] else {
        throw DatasetError.malformed(
          file: answersFile, entry: "question \(question.id)",
          reason:
            "expected the answers to '\(question.text.prefix(60))', found none; are questions "
            + "and annotations of the same part?")
      }
      return Question(
        id: question.id, text: question.text, picture: pictures[question.picture]!,
        answers: rows.targets(people))
    }
  }

  private static func names(_ split: String, _ what: String, official: String) -> [String] {
    ["2014", ""].map { "\(official)\(split)\($0)_\(what).json" } + [
      "\(split)_\(what).json", "\(split)/\(what).json",
    ]
  }

  /// The files of pictures by id.
  private static func pictures(
    _ ids: [Int], _ fileNames: [Int: String], folder: String, split: String
  ) throws -> [Int: String] {
    let places = [split + "2014", split, "images", "images/" + split, "images/\(split)2014"]
    let above = parentFolder(of: folder)
    let folders = PictureFolders(
      places.map { path(folder, $0) } + [folder, path(folder, split + "/images")]
        + places.map { path(above, $0) })
    let names = ids.map { id -> [String] in
      if let name = fileNames[id] { return [name] }
      let digits = String(repeating: "0", count: max(0, 12 - "\(id)".count)) + "\(id)"
      return ["COCO_\(split)2014_\(digits).jpg", "COCO_\(split)_\(digits).jpg", "\(digits).jpg"]
        + ["\(digits).png", "\(id).jpg", "\(id).png"]
    }
    var found: [Int: String] = [:]
    for ((id, names), place) in zip(zip(ids, names), folders.find(names)) {
      guard let place else {
        throw DatasetError.missing(
          what: "picture \(id) of VQA's part '\(split)'", tried: folders.candidates(names))
      }
      found[id] = place
    }
    return found
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
