import Foundation

/// Names for one file a picture in a folder; pictures of the same name from different folders do
/// not overwrite each other.
struct PictureFileNames {
  private var used: Set<String> = []

  /// The picture's name with another ending, or its own if that is one of `kept`.
  mutating func name(for source: String, ending: String, keeping kept: [String] = []) -> String {
    let file = source == "-" ? "stdin" : (source as NSString).lastPathComponent
    let isPicture = Self.pictureEndings.contains((file as NSString).pathExtension.lowercased())
    let stem = isPicture ? (file as NSString).deletingPathExtension : file
    let own = (file as NSString).pathExtension
    let ending = kept.contains(own.lowercased()) ? own : ending
    var name = "\(stem).\(ending)"
    var number = 1
    while !used.insert(name).inserted {
      number += 1
      name = "\(stem)-\(number).\(ending)"
    }
    return name
  }

  /// The endings of picture files, in small letters.
  static let pictureEndings = ["png", "jpg", "jpeg"]
}

/// Makes a folder for outputs, and those above it.
///
/// - Throws: `Failure` with the code 73.
func makeFolder(_ path: String, option: String) throws {
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
    throw Failure(
      .usage, "\(option) \(path): expected a folder for several pictures, found a file",
      advice: "name a folder; it is made if it does not exist")
  }
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw Failure(.cannotWrite, "\(option) \(path): the folder cannot be made")
  }
}
