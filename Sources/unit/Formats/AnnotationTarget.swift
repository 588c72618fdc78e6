import Checkpoints
import Foundation
import Inputs

/// Where annotated pictures go: a file for one picture, a folder for several.
struct AnnotationTarget {
  private let path: String
  private let isFolder: Bool
  private let originals: OriginalPictures
  private var names = PictureFileNames()

  /// A target for the pictures of a batch.
  ///
  /// - Throws: `Failure` with the code 64 when the path cannot take them, 73 when the folder cannot
  ///   be made.
  init(_ path: String, batch: PictureBatch) throws {
    self.path = path
    originals = batch.originals
    let isBatch = batch.isBatch
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    isFolder = isBatch || (exists && isDirectory.boolValue) || path.hasSuffix("/")
    if isFolder {
      try makeFolder(path, option: "--annotate")
    } else if !PictureFileNames.pictureEndings.contains(Self.ending(path)) {
      throw Failure(
        .usage, "--annotate \(path): expected a name that ends in .png, .jpg or .jpeg",
        advice: "for several pictures name a folder")
    }
  }

  /// Writes a picture under its name, or in the folder under the name of its source.
  mutating func write(_ picture: Image, source: String) throws {
    let target =
      isFolder
      ? path + "/"
        + names.name(for: source, ending: "png", keeping: PictureFileNames.pictureEndings) : path
    try originals.refuse(target, option: "--annotate")
    let bytes =
      Self.ending(target) == "png" ? encodePNG(picture) : encodeJPEG(picture, quality: 95)
    try writeAtomically(bytes, to: target)
  }

  private static func ending(_ path: String) -> String {
    (path as NSString).pathExtension.lowercased()
  }
}
