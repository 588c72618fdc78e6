import Foundation

/// COCO's `image_id` of pictures: from a file, or from the digits of the picture's name.
struct PictureIDs {
  private let known: [String: Int]
  private let file: String?

  /// Ids by file name from a JSON object `{"a.jpg": 1}` or COCO's annotations
  /// (`{"images": [{"id": 1, "file_name": "a.jpg"}]}`); from the names' digits without a file.
  ///
  /// - Throws: `Failure` with the code 66 or 65.
  init(_ file: String?) throws {
    self.file = file
    guard let file else {
      known = [:]
      return
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw Failure(.missingInput, "\(file): there is no such file\(nearby(file))")
    }
    if let table = try? JSONDecoder().decode([String: Int].self, from: data) {
      known = table
    } else if let annotations = try? JSONDecoder().decode(Annotations.self, from: data) {
      known = Dictionary(annotations.images.map { ($0.fileName, $0.id) }) { first, _ in first }
    } else {
      throw Failure(
        .badData, "\(file): expected ids by file name, found something else",
        advice: "give {\"a.jpg\": 1, ...} or COCO's annotations with \"images\"")
    }
  }

  /// The id of a picture; a name such as `COCO_val2014_000000391895.jpg` has the id 391895.
  ///
  /// - Throws: `Failure` with the code 65 when there is none.
  func id(of path: String) throws -> Int {
    let name = (path as NSString).lastPathComponent
    if let file {
      if let id = known[name] ?? known[path] { return id }
      throw Failure(.badData, "\(path): \(file) has no id for this picture")
    }
    let stem = (name as NSString).deletingPathExtension
    let digits = stem.split { !("0"..."9").contains($0) }.last.map(String.init)
    guard let id = digits.flatMap({ Int($0) }) else {
      throw Failure(
        .badData, "\(path): expected digits in the name for COCO's image_id, found none",
        advice: "give the ids with --image-ids FILE")
    }
    return id
  }

  private struct Annotations: Decodable {
    struct Picture: Decodable {
      let id: Int
      let fileName: String
      enum CodingKeys: String, CodingKey {
        case id
        case fileName = "file_name"
      }
    }
    let images: [Picture]
  }
}
