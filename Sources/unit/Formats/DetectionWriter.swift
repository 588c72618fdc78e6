import Heads

/// The formats of found objects.
enum DetectionFormat: String, NamedChoice {
  /// For people.
  case text
  /// One object a picture, in this program's own format.
  case json
  /// The same, by the name of files that hold one object a line.
  case jsonl
  /// Hugging Face's object-detection pipeline.
  case hf
  /// COCO's list of results.
  case coco
  /// YOLO's labels, one file a picture: class, centre and extent in fractions, score.
  case yolo
  /// One row an object, for tables.
  case csv
  /// Pascal VOC's XML, one file a picture.
  case voc

  /// The ending of the files of a format that has one file a picture; nil for the others.
  var fileEnding: String? {
    switch self {
    case .yolo: "txt"
    case .voc: "xml"
    default: nil
    }
  }
}

/// Puts the reports of several pictures together as the format wants it.
struct DetectionWriter {
  private let format: DetectionFormat
  private let isBatch: Bool
  private let ids: PictureIDs
  private var count = 0
  private var isOpen = false

  /// A writer for one picture, or for a batch.
  init(_ format: DetectionFormat, isBatch: Bool, ids: PictureIDs) {
    self.format = format
    self.isBatch = isBatch
    self.ids = ids
  }

  /// What comes before the first picture; nothing after it was taken once.
  mutating func takeOpening() -> String {
    defer { isOpen = true }
    if isOpen { return "" }
    if format == .csv { return DetectionReport.csvHeader }
    return isList ? "[" : ""
  }

  /// What comes after the last picture.
  var closing: String { isList ? "]\n" : "" }

  /// One picture's part.
  ///
  /// - Throws: `Failure` with the code 65 when COCO's format needs an id that the picture has not.
  mutating func text(of report: DetectionReport) throws -> String {
    switch format {
    case .text: return report.text
    case .json, .jsonl: return report.json.text + "\n"
    case .hf:
      return isList ? separator() + report.huggingFace.text : report.huggingFace.text + "\n"
    case .coco:
      let id = try ids.id(of: report.file)
      return report.coco(image: id).map { separator() + $0.text }.joined()
    case .yolo: return report.yolo
    case .csv: return report.csvRows
    case .voc: return report.voc
    }
  }

  /// The part of a picture that could not be read: the pipeline's list keeps its place.
  mutating func textOfFailure() -> String { format == .hf && isBatch ? separator() + "null" : "" }

  // The pipeline answers several pictures with one list of lists.
  private var isList: Bool { format == .coco || (format == .hf && isBatch) }

  private mutating func separator() -> String {
    defer { count += 1 }
    return count == 0 ? "" : ",\n"
  }
}
