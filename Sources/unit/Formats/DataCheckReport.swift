import Datasets
import Inputs

/// What a check of a data set found, for people and for scripts.
struct DataCheckReport {
  private let check: DataCheck
  private let path: String
  private let kind: String

  /// A report on the data set at `path`.
  init(_ check: DataCheck, path: String, kind: String) {
    self.check = check
    self.path = path
    self.kind = kind
  }

  /// The most problems of one kind that people are shown.
  private static let shown = 10

  /// The most answers whose numbers people are shown.
  private static let shownAnswers = 20

  /// The counts of each part, then the problems by kind.
  var text: String {
    var text = "\(path): \(kind)\n"
    for part in check.parts {
      text += heading(part)
      let width = part.classes.map(\.name.count).max() ?? 0
      let most = part.classes.map(\.objects).max() ?? 0
      // There may be thousands of different answers.
      let limit = part.texts == nil ? part.classes.count : Self.shownAnswers
      for count in part.classes.prefix(limit) {
        let name = count.name.padding(toLength: max(width, 5), withPad: " ", startingAt: 0)
        let bar = String(repeating: "#", count: most == 0 ? 0 : count.objects * 30 / most)
        text += "  \(name.singleLine)  \(aligned(count.objects)) "
        text += part.texts == nil ? "objects in \(aligned(count.pictures)) pictures" : "texts"
        text += "  \(bar)\n"
      }
      if part.classes.count > limit {
        text += "  and \(part.classes.count - limit) more; --format json lists all\n"
      }
    }
    for kind in DataProblem.Kind.allCases {
      let found = check.problems.filter { $0.problem.kind == kind }
      if found.isEmpty { continue }
      text += "\(kind.isWarning ? "warning" : "error") \(kind.rawValue): \(found.count)\n"
      for (split, problem) in found.prefix(Self.shown) {
        let place = problem.file + (problem.entry.isEmpty ? "" : ", \(problem.entry)")
        text += "  \(split.isEmpty ? "" : "[\(split)] ")\(place): \(problem.text)".singleLine + "\n"
      }
      if found.count > Self.shown {
        text += "  and \(found.count - Self.shown) more; --format json lists all\n"
      }
    }
    return text + "\(check.errors) errors, \(check.warnings) warnings\n"
  }

  private func heading(_ part: DataCheck.Part) -> String {
    var text = "\(part.split): "
    if let texts = part.texts {
      text += "\(texts) texts, \(part.pictures) pictures"
    } else {
      text += "\(part.pictures) pictures (\(part.emptyPictures) without objects), "
      text += "\(part.objects) objects and \(part.crowds) crowds, "
      text += "at most \(part.mostObjects) objects in a picture"
    }
    if let low = part.smallest, let high = part.largest {
      text += ", \(low.width) x \(low.height) to \(high.width) x \(high.height) pixels"
    }
    return text + "\n"
  }

  /// Everything.
  var json: JSONText {
    [
      "schema": 1, "file": .string(path), "kind": .string(kind),
      "errors": .integer(check.errors), "warnings": .integer(check.warnings),
      "parts": .array(check.parts.map(json)),
      "problems": .array(
        check.problems.map { split, problem in
          [
            "severity": problem.kind.isWarning ? "warning" : "error",
            "kind": .string(problem.kind.rawValue), "split": .string(split),
            "file": .string(problem.file), "entry": .string(problem.entry),
            "text": .string(problem.text),
          ]
        }),
    ]
  }

  private func json(_ part: DataCheck.Part) -> JSONText {
    if let texts = part.texts {
      return [
        "split": .string(part.split), "texts": .integer(texts),
        "pictures": .integer(part.pictures),
        "answers": .array(
          part.classes.map { ["label": .string($0.name), "texts": .integer($0.objects)] }),
      ]
    }
    func size(_ size: ImageSize?) -> JSONText {
      size.map { ["width": .integer($0.width), "height": .integer($0.height)] } ?? .null
    }
    return [
      "split": .string(part.split), "pictures": .integer(part.pictures),
      "pictures_without_objects": .integer(part.emptyPictures),
      "objects": .integer(part.objects), "crowds": .integer(part.crowds),
      "most_objects": .integer(part.mostObjects), "smallest": size(part.smallest),
      "largest": size(part.largest),
      "classes": .array(
        part.classes.map { count in
          [
            "label": .string(count.name), "objects": .integer(count.objects),
            "pictures": .integer(count.pictures),
          ]
        }),
    ]
  }

  private func aligned(_ number: Int) -> String {
    let digits = "\(number)"
    return String(repeating: " ", count: max(0, 7 - digits.count)) + digits
  }
}
