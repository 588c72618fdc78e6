import Annotations

/// A part of a dataset of texts with answers, as a check sees it: without a model, and with all its
/// problems.
public struct AnsweredTexts: Sendable {
  /// The names of the readers that this can be read for.
  public static let kinds = ["vqa", "snli-ve", "qnli", "mnli", "qqp", "sst2"]

  /// The parts that are looked for where none is named.
  static let usualSplits = ["train", "val", "dev", "dev_mismatched"]

  /// The pictures, without objects, and what is wrong.
  public private(set) var pictures: MarkedPictures
  /// The answer to each text; of several people's the one most of them gave.
  public private(set) var answers: [String] = []

  /// Reads one part.
  ///
  /// - Throws: `DatasetError`, `JSONError`.
  public init(_ source: DatasetSource) throws {
    pictures = MarkedPictures(format: source.kind)
    switch source.kind {
    case "vqa": try readQuestions(VQAFiles(source))
    case "snli-ve": try readStatements(EntailmentFile(source))
    default:
      guard let task = [GLUE.qnli, .mnli, .qqp, .sst2].first(where: { $0.name == source.kind })
      else {
        throw DatasetError.unknownKind(kind: source.kind, known: Self.kinds, similar: nil)
      }
      let names = task.classes.map(\.name)
      let texts = try LabelledTexts(
        try task.file(source), of: task, rows: ClassNames(names))
      answers = texts.labels.map { names[$0] }
    }
  }

  /// Reads the parts that are named, or else those of the usual names that are there.
  ///
  /// - Throws: `DatasetError`, `JSONError`.
  public static func parts(
    _ kind: String, _ path: String, splits: [String]
  ) throws -> [(split: String, data: AnsweredTexts)] {
    func read(_ split: String) throws -> AnsweredTexts {
      try AnsweredTexts(DatasetSource(kind: kind, path: path, split: split))
    }
    if isFile(path) { return [(splits.first ?? stem(path), try read(stem(path)))] }
    guard splits.isEmpty else { return try splits.map { ($0, try read($0)) } }
    var found: [(split: String, data: AnsweredTexts)] = []
    var missing: DatasetError?
    for split in usualSplits {
      do { found.append((split, try read(split))) } catch let error as DatasetError {
        guard case .missing = error else { throw error }
        missing = missing ?? error
      }
    }
    if found.isEmpty, let missing { throw missing }
    return found
  }

  private mutating func readQuestions(_ files: VQAFiles) throws {
    for question in files.questions {
      do {
        answers.append(Self.mostFrequent(try files.answers(to: question)))
      } catch DatasetError.malformed(let file, let entry, let reason) {
        pictures.problems.append(DataProblem(.unknownID, file: file, entry: entry, text: reason))
      }
    }
    let asked = Set(files.questions.map(\.id))
    for id in files.given.keys.sorted() where !asked.contains(id) {
      pictures.problems.append(
        DataProblem(
          .unknownID, file: files.answersFile, entry: "question \(id)",
          text: "expected the id of a question, found answers to none"))
    }
    for (id, path, tried) in files.findPictures() {
      add("\(id)", path, file: files.answersFile, tried)
    }
  }

  private mutating func readStatements(_ file: EntailmentFile) throws {
    var seen: Set<String> = []
    for (number, pair, path) in file.pairs {
      answers.append(pair.label)
      if !EntailmentFile.classes.contains(pair.label) {
        pictures.problems.append(
          DataProblem(
            .unknownID, file: file.path, entry: "line \(number + 1)",
            text: "expected entailment, neutral, contradiction or - as gold_label, found "
              + "'\(pair.label.prefix(40))'"))
      }
      guard seen.insert(pair.picture).inserted else { continue }
      add(pair.picture, path, file: file.path) { file.candidates(pair.picture) }
    }
  }

  private mutating func add(
    _ name: String, _ path: String?, file: String, _ tried: () -> [String]
  ) {
    var picture = MarkedPictures.Picture(
      id: pictures.pictures.count + 1, name: name, annotations: file)
    picture.path = path
    pictures.pictures.append(picture)
    if path != nil { return }
    pictures.problems.append(
      DataProblem(
        .missingPicture, file: file, entry: "picture \(name)",
        text: "it was not found; tried \(tried().joined(separator: ", "))"))
  }

  private static func mostFrequent(_ answers: [String]) -> String {
    var counts: [String: Int] = [:]
    for answer in answers { counts[answer, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    return answers.first { counts[$0] == most } ?? ""
  }
}
