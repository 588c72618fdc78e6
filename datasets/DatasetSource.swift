import Foundation
import Wording

/// Where samples come from.
public struct DatasetSource: Sendable, Hashable {
  /// Name of the reader.
  public var kind: String
  /// File or folder; `{split}` in it stands for the name of the part.
  public var path: String
  /// Part of the dataset. A path that names a file of one part decides by itself.
  public var split: String

  /// A part of a dataset.
  public init(kind: String, path: String, split: String) {
    self.kind = kind
    self.path = path
    self.split = split
  }

  /// The path with the part's name in it, and without slashes at its end.
  public var place: String {
    var place = path.replacing("{split}", with: split)
    while place.count > 1, place.hasSuffix("/") { place.removeLast() }
    return place
  }

  /// The file of this part: the path itself if it is a file, else the first of the names that is
  /// there in the folder.
  ///
  /// - Throws: `DatasetError.missing` with everything that was tried.
  func file(_ what: String, among names: [String]) throws -> String {
    if isFile(place) { return place }
    let tried = isFolder(place) ? names.map { Datasets.path(place, $0) } : [place]
    guard let found = tried.first(where: isFile) else {
      throw DatasetError.missing(what: what, tried: tried)
    }
    return found
  }
}
