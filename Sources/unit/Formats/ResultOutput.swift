import Checkpoints
import Foundation
import Wording

/// Where the results of a command go: piece by piece to standard output, or whole into a file.
struct ResultOutput {
  private let path: String?
  private var gathered: [UInt8] = []
  private var folder: (ending: String, names: PictureFileNames)?

  /// Standard output, or the file at `path`.
  ///
  /// - Throws: `Failure` with the code 73 when the file's folder does not take files; better now
  ///   than after the work.
  init(_ path: String?) throws {
    self.path = path
    guard let path else { return }
    let folder = parentFolder(of: path)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw Failure(
        .cannotWrite, "--output \(path): expected the name of a file, found a folder",
        advice: "name a file inside it")
    }
    if !folder.isEmpty && !FileManager.default.fileExists(atPath: folder) {
      throw Failure(
        .cannotWrite, "--output \(path): there is no folder \(folder)",
        advice: "make the folder first")
    }
  }

  /// The folder at `path`, which gets one file a picture with the ending.
  ///
  /// - Throws: `Failure` with the code 64 without a path, 73 when the folder cannot be made.
  init(folder path: String?, ending: String) throws {
    guard let path else {
      throw Failure(
        .usage, "this format has one file a picture: --output is missing for several pictures",
        advice: "name a folder with --output; it is made if it does not exist")
    }
    try makeFolder(path, option: "--output")
    self.path = path
    folder = (ending, PictureFileNames())
  }

  /// Hands over what belongs to one picture.
  mutating func write(_ text: String, source: String) throws {
    guard let path, var folder else { return try write(text) }
    let name = folder.names.name(for: source, ending: folder.ending)
    self.folder = folder
    try writeAtomically(Array(text.utf8), to: path + "/" + name)
  }

  /// Hands over one piece.
  mutating func write(_ text: String) throws {
    if path == nil {
      try StandardOutput.write(text)
    } else {
      gathered += text.utf8
    }
  }

  /// Writes the file, whole or not at all.
  func finish() throws {
    if let path, folder == nil { try writeAtomically(gathered, to: path) }
  }
}
