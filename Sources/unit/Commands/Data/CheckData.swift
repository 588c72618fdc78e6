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
    help: "\(MarkedFormat.list); if left out, what the files suggest.",
    transform: MarkedFormat.named)
  var kind: MarkedFormat?

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
    let (kind, parts) = try read()
    let total = parts.reduce(0) { $0 + $1.data.pictures.count }
    let check = DataCheck(parts, queries: queries) { done in
      notes.progress("\(done) of \(total) pictures")
    }
    notes.endProgress()
    let report = DataCheckReport(check, path: data.path, kind: kind)
    try StandardOutput.write(format == .text ? report.text : report.json.text + "\n")
    if check.errors > 0 { throw ExitStatus.badData }
  }

  /// Reads the parts. A file that is not of its format at all is one more problem of the data.
  private func read() throws -> (MarkedFormat, [(split: String, data: MarkedPictures)]) {
    func unreadable(_ error: any Error) throws -> (
      MarkedFormat, [(split: String, data: MarkedPictures)]
    ) {
      guard let kind = kind ?? MarkedFormat(of: data.path) else { throw error }
      var empty = MarkedPictures(format: kind.rawValue, categories: [])
      let words = "\(error)".split(separator: ": ", maxSplits: 1).map(String.init)
      empty.problems.append(
        DataProblem(.unreadable, file: words[0], text: words.count > 1 ? words[1] : "\(error)"))
      return (kind, [(data.split.first ?? "", empty)])
    }
    do {
      return try data.parts(kind, option: "--kind")
    } catch let error as JSONError where error.kind != .cannotRead {
      return try unreadable(error)
    } catch let error as DatasetError {
      guard case .malformed = error else { throw error }
      return try unreadable(error)
    }
  }
}
