import Foundation

/// The files of one part of easy-VQA: `train/images/0.png`, `train/questions.json`, `answers.txt`.
struct EasyVQAFiles {
  /// A picture's number and file.
  struct Entry {
    let id: Int
    let path: String
  }

  /// The folder of the pictures.
  let imagesPath: String
  /// The questions.
  let questionsPath: String
  /// The pictures by rising id.
  let pictures: [Entry]

  init(directory: String, split: EasyVQA.Split) throws {
    let manager = FileManager.default
    let roots = [directory, directory + "/data", directory + "/easy_vqa/data"]
    let part = split.rawValue
    let found = roots.first { root in
      ["images", "questions.json"].contains {
        manager.fileExists(atPath: "\(root)/\(part)/\($0)")
      }
    }
    guard let root = found else {
      throw EasyVQAError.missing(tried: roots.map { "\($0)/\(part)" })
    }
    imagesPath = "\(root)/\(part)/images"
    questionsPath = "\(root)/\(part)/questions.json"
    let answersPath = "\(root)/answers.txt"
    for path in [imagesPath, questionsPath, answersPath]
    where !manager.fileExists(atPath: path) {
      throw EasyVQAError.missing(tried: [path])
    }
    try EasyVQAFiles.checkAnswers(answersPath)
    let names: [String]
    do { names = try manager.contentsOfDirectory(atPath: imagesPath) } catch {
      throw EasyVQAError.malformed(
        file: imagesPath, entry: "", reason: "expected a folder of pictures that can be read")
    }
    let folder = imagesPath
    pictures = names.compactMap { name -> Entry? in
      guard name.hasSuffix(".png"), let id = Int(name.dropLast(4)), id >= 0 else { return nil }
      return Entry(id: id, path: "\(folder)/\(name)")
    }.sorted { $0.id < $1.id }
    guard !pictures.isEmpty else {
      throw EasyVQAError.malformed(
        file: imagesPath, entry: "", reason: "expected pictures named 0.png, 1.png ..., found none")
    }
    for (entry, next) in zip(pictures, pictures.dropFirst()) where entry.id == next.id {
      throw EasyVQAError.malformed(
        file: imagesPath, entry: "", reason: "picture \(entry.id) is there twice: \(next.path)")
    }
  }

  /// The questions with their answers and pictures, in the order of the file.
  func questions() throws -> [(text: String, answer: String, picture: Int)] {
    func failure(_ entry: String, _ reason: String) -> EasyVQAError {
      .malformed(file: questionsPath, entry: entry, reason: reason)
    }
    guard let data = FileManager.default.contents(atPath: questionsPath) else {
      throw failure("", "the file cannot be read; check its permissions")
    }
    let object: Any
    do { object = try JSONSerialization.jsonObject(with: data) } catch {
      throw failure("", "not JSON; unpack the dataset again")
    }
    guard let entries = object as? [Any] else {
      throw failure("", "expected a list of [question, answer, picture number]")
    }
    return try entries.enumerated().map { number, entry in
      guard let parts = entry as? [Any], parts.count == 3, let text = parts[0] as? String,
        let answer = parts[1] as? String, let picture = parts[2] as? Int
      else {
        throw failure("question \(number)", "expected [question, answer, picture number]")
      }
      return (text, answer, picture)
    }
  }

  /// The answers' order is part of the trained models, so another order is refused.
  private static func checkAnswers(_ path: String) throws {
    let data = FileManager.default.contents(atPath: path) ?? Data()
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    let found = lines.map(String.init)
    guard found == EasyVQA.answers else {
      throw EasyVQAError.malformed(
        file: path, entry: "",
        reason: "expected the \(EasyVQA.answers.count) answers of easy-VQA 1.0 in their order ("
          + "\(EasyVQA.answers.joined(separator: ", "))), found \(found.count) lines: "
          + found.prefix(20).joined(separator: ", "))
    }
  }
}
