import Annotations
import Foundation
import Wording

/// Datasets in YOLO's format: a text file for each picture, one line an object: the class's
/// position, then centre and extent in fractions of the picture.
///
/// The path is `data.yaml` (`names` and, for each part, the folder of its pictures or a text file
/// that lists them, relative to the yaml's folder and its `path`), or a folder with that file, or
/// one with `classes.txt` (`obj.names`), a name a line, and the pictures in `images/<part>`,
/// `<part>/images`, `<part>` or, for the part `all`, in `images`. The labels of a picture lie where
/// its path has `labels` for the last `images`, or beside it. A picture without labels has no
/// objects. Lines of seven numbers or more are outlines, of which the box is taken; a sixth number
/// is a score, and passed over.
public enum YOLO {
  /// Reads one part.
  ///
  /// - Throws: `DatasetError` where there is no such part; wrong lines are problems.
  @Sendable public static func read(_ source: DatasetSource) throws -> MarkedPictures {
    let layout = try YOLOLayout(source)
    var data = MarkedPictures(format: "yolo", unit: .fractions, categories: [])
    data.categories = layout.classes.enumerated().map {
      MarkedPictures.Category(id: $0, name: $1)
    }
    for file in layout.pictures {
      let labels = labelFile(of: file)
      let isMarked = isFile(labels)
      var picture = MarkedPictures.Picture(
        id: data.pictures.count + 1, name: (file as NSString).lastPathComponent,
        annotations: isMarked ? labels : file)
      if isMarked { try picture.readLabels(labels, classes: layout.classes, &data.problems) }
      if isFile(file) {
        picture.path = file
      } else {
        data.problems.append(
          DataProblem(
            .missingPicture, file: layout.file, entry: "picture \(picture.name)",
            text: "it was not found; tried \(file)"))
      }
      data.pictures.append(picture)
    }
    data.number()
    try data.complete(from: parentFolder(of: layout.file))
    return data
  }

  /// Where the labels of a picture are.
  static func labelFile(of picture: String) -> String {
    var parts = picture.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    parts[parts.count - 1] = stem(picture) + ".txt"
    let beside = parts.joined(separator: "/")
    guard let images = parts.dropLast().lastIndex(of: "images") else { return beside }
    parts[images] = "labels"
    let apart = parts.joined(separator: "/")
    return isFile(apart) || !isFile(beside) ? apart : beside
  }
}

extension MarkedPictures.Picture {
  /// Reads a label file.
  fileprivate mutating func readLabels(
    _ file: String, classes: [String], _ problems: inout [DataProblem]
  ) throws {
    let text: String
    do {
      guard let valid = String(validating: try fileBytes(file, limit: 16 << 20), as: UTF8.self)
      else {
        return problems.append(
          DataProblem(.unreadable, file: file, text: "expected text in UTF-8, found other bytes"))
      }
      text = valid
    } catch DatasetError.malformed(_, _, let reason) {
      return problems.append(DataProblem(.unreadable, file: file, text: reason))
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let fields = line.split { $0 == " " || $0 == "\t" }
      if fields.isEmpty { continue }
      func add(_ kind: DataProblem.Kind, _ text: String) {
        problems.append(DataProblem(kind, file: file, entry: "line \(number + 1)", text: text))
      }
      let numbers = fields.dropFirst().compactMap { Double($0) }
      let isOutline = fields.count >= 7 && fields.count % 2 == 1
      guard numbers.count == fields.count - 1, [5, 6].contains(fields.count) || isOutline else {
        add(
          .unreadable,
          "expected a class and four numbers, found '\(line.prefix(60))'")
        continue
      }
      guard let category = Int(fields[0]), classes.indices.contains(category) else {
        add(
          .unknownID,
          "expected a class of 0...\(classes.count - 1), found '\(fields[0].prefix(20))'")
        continue
      }
      objects.append(
        MarkedPictures.Object(
          number: number + 1, category: category,
          box: isOutline ? Self.box(around: numbers) : Self.box(centred: numbers)))
    }
  }

  private static func box(centred numbers: [Double]) -> CocoBox {
    CocoBox(
      x: numbers[0] - numbers[2] / 2, y: numbers[1] - numbers[3] / 2, width: numbers[2],
      height: numbers[3])
  }

  private static func box(around numbers: [Double]) -> CocoBox {
    let across = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
    let down = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
    let (left, top) = (across.min() ?? 0, down.min() ?? 0)
    return CocoBox(
      x: left, y: top, width: (across.max() ?? 0) - left, height: (down.max() ?? 0) - top)
  }
}
