import ArgumentParser
import Datasets
import JSONStream

/// Finds what is wrong with a data set before a training does.
struct CheckData: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find what is wrong with a data set.",
    discussion: """
      Examples:
        unit data check coco
        unit data check coco/annotations/instances_train2017.json --queries 100
        unit data check VOCdevkit/VOC2007 --kind voc --split train --split val --format json

      Every picture is decoded. Errors are missing and damaged pictures, sizes that are not the \
      annotated ones, boxes without extent, outside of their picture or not of numbers, unknown \
      and repeated ids, and pictures that are in two parts; the exit code is 65 then. Warnings \
      are pictures that EXIF turns, pictures that are in one part twice, and more objects than \
      queries.
      """)

  @OptionGroup var data: MarkedDataOptions

  @Option(
    help: "\(CheckedKind.list); if left out, what the files suggest.",
    transform: CheckedKind.named)
  var kind: CheckedKind?

  @Option(help: "The most objects that the model can find in a picture.")
  var queries: Int?

  @Option(help: "text or json.", transform: ReportFormat.named)
  var format = ReportFormat.text

  func validate() throws {
    if let queries, queries < 1 {
      throw ValidationError("--queries must be 1 or more, not \(queries)")
    }
  }

  func run() throws {
    let notes = data.common.notes
    let (kind, check) = try check { notes.progress("\($0) pictures") }
    notes.endProgress()
    let report = DataCheckReport(check, path: data.path, kind: kind)
    try StandardOutput.write(format == .text ? report.text : report.json.text + "\n")
    if check.errors > 0 { throw ExitStatus.badData }
  }

  /// Reads and checks the parts. A file that is not of its format at all is one more problem.
  private func check(_ progress: (Int) -> Void) throws -> (kind: String, DataCheck) {
    do {
      if let kind, kind.marked == nil {
        data.common.apply()
        try data.requireFiles()
        let texts = try AnsweredTexts.parts(kind.rawValue, data.path, splits: data.split)
        return (kind.rawValue, DataCheck(texts: texts, progress: progress))
      }
      let (format, parts) = try data.parts(kind?.marked, option: "--kind")
      return (format.rawValue, DataCheck(parts, queries: queries, progress: progress))
    } catch {
      guard let problem = DataProblem(unreadable: error),
        let kind = kind?.rawValue ?? MarkedFormat(of: data.path)?.rawValue
      else { throw error }
      var nothing = MarkedPictures(format: kind)
      nothing.problems.append(problem)
      return (kind, DataCheck([(data.split.first ?? "", nothing)]))
    }
  }
}

/// What can be checked.
enum CheckedKind: String, NamedChoice {
  case coco, voc, yolo
  case visualGenome = "visual-genome"
  case vqa
  case entailment = "snli-ve"
  case qnli, mnli, qqp, sst2

  /// The format of marked pictures; nil for texts with answers.
  var marked: MarkedFormat? { MarkedFormat(rawValue: rawValue) }
}

extension DataProblem {
  /// A file that is there but not of its format; nil for other errors.
  fileprivate init?(unreadable error: any Error) {
    switch error {
    case let error as JSONError where error.kind != .cannotRead:
      let text = "\(error)"
      let place = error.file + ": "
      self.init(
        .unreadable, file: error.file,
        text: text.hasPrefix(place) ? String(text.dropFirst(place.count)) : text)
    case DatasetError.malformed(let file, let entry, let reason):
      self.init(.unreadable, file: file, entry: entry, text: reason)
    default: return nil
    }
  }
}
