import Annotations
import Foundation
import Wording

/// The two files of a part of VQAv2, and where its pictures are.
struct VQAFiles {
  /// The questions in the order of the file.
  let questions: [VQAQuestions.Question]
  /// The file of the answers.
  let answersFile: String
  /// What people answered, by question.
  let given: [Int: [String]]
  private let split: String
  private let folders: PictureFolders
  private let fileNames: [Int: String]

  /// Reads both files.
  ///
  /// - Throws: `DatasetError.missing`, `JSONError`.
  init(_ source: DatasetSource) throws {
    split = source.split
    let asked = try VQAQuestions(
      path: source.file(
        "VQA's questions of the part '\(split)'",
        among: Self.names(split, "questions", official: "v2_OpenEnded_mscoco_")))
    questions = asked.questions
    fileNames = asked.fileNames
    answersFile = try source.file(
      "VQA's annotations of the part '\(split)'",
      among: Self.names(split, "annotations", official: "v2_mscoco_"))
    given = Dictionary(
      uniqueKeysWithValues: try VQAAnnotations(path: answersFile).questions.map {
        ($0.id, $0.answers)
      })
    let folder = source.place
    let above = parentFolder(of: folder)
    let places = [split + "2014", split, "images", "images/" + split, "images/\(split)2014"]
    folders = PictureFolders(
      places.map { path(folder, $0) } + [folder, path(folder, split + "/images")]
        + places.map { path(above, $0) })
  }

  /// What people answered to a question.
  ///
  /// - Throws: `DatasetError.malformed` where there is nothing.
  func answers(to question: VQAQuestions.Question) throws -> [String] {
    if let people = given[question.id] { return people }
    throw DatasetError.malformed(
      file: answersFile, entry: "question \(question.id)",
      reason: "expected the answers to '\(question.text.prefix(60))', found none; are questions "
        + "and annotations of the same part?")
  }

  /// The files of all pictures by id.
  ///
  /// - Throws: `DatasetError.missing` for the first that is not there.
  func pictures() throws -> [Int: String] {
    var found: [Int: String] = [:]
    for (id, place, tried) in findPictures() {
      guard let place else {
        throw DatasetError.missing(what: "picture \(id) of VQA's part '\(split)'", tried: tried())
      }
      found[id] = place
    }
    return found
  }

  /// The file of each picture, nil for one that is not there, with the paths that were tried.
  func findPictures() -> [(id: Int, path: String?, tried: () -> [String])] {
    let ids = Set(questions.map(\.picture)).sorted()
    let names = ids.map(names)
    return zip(zip(ids, names), folders.find(names)).map { picture, path in
      (picture.0, path, { folders.candidates(picture.1) })
    }
  }

  private func names(_ id: Int) -> [String] {
    if let name = fileNames[id] { return [name] }
    let digits = String(repeating: "0", count: max(0, 12 - "\(id)".count)) + "\(id)"
    return ["COCO_\(split)2014_\(digits).jpg", "COCO_\(split)_\(digits).jpg", "\(digits).jpg"]
      + ["\(digits).png", "\(id).jpg", "\(id).png"]
  }

  private static func names(_ split: String, _ what: String, official: String) -> [String] {
    ["2014", ""].map { "\(official)\(split)\($0)_\(what).json" } + [
      "\(split)_\(what).json", "\(split)/\(what).json",
    ]
  }
}
