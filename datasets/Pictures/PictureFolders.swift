import Foundation
import Wording

/// The folders in which the pictures that a dataset's file names are looked for.
///
/// All of them follow from where that file lies: nothing depends on the folder in which the program
/// was started, or on a setting somewhere else.
struct PictureFolders {
  /// The folders in the order in which they are tried.
  let folders: [String]

  /// Folders; those that are named twice are tried once.
  init(_ folders: [String]) {
    var seen: Set<String> = []
    self.folders = folders.filter { seen.insert($0).inserted }
  }

  /// Every path that a picture with one of these names may have.
  func candidates(_ names: [String]) -> [String] {
    names.flatMap { name in name.hasPrefix("/") ? [name] : folders.map { path($0, name) } }
  }

  /// Finds pictures, each of which may have several names.
  ///
  /// The folder where the last one was is tried first: a dataset has most of its pictures in one.
  ///
  /// - Returns: the path of each picture; nil where there is none.
  func find(_ pictures: [[String]]) -> [String?] {
    var (folder, position) = (folders.first ?? ".", 0)
    return pictures.map { names in
      if names.indices.contains(position), !names[position].hasPrefix("/") {
        let likely = path(folder, names[position])
        if isFile(likely) { return likely }
      }
      for (number, name) in names.enumerated() {
        if name.hasPrefix("/") {
          if isFile(name) { return name }
          continue
        }
        for candidate in folders where isFile(path(candidate, name)) {
          (folder, position) = (candidate, number)
          return path(candidate, name)
        }
      }
      return nil
    }
  }
}

/// The path of a name in a folder; the name alone in the present one.
func path(_ folder: String, _ name: String) -> String {
  folder.isEmpty || folder == "." ? name : folder + "/" + name
}

/// Whether there is a file, or a link to one.
func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
}

/// Whether there is a folder, or a link to one.
func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The names in a folder that end in one of the endings (in small letters), sorted; none where the
/// folder cannot be read.
func names(in folder: String, endings: Set<String>) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder))
  return (names ?? []).filter {
    !$0.hasPrefix(".") && endings.contains(($0 as NSString).pathExtension.lowercased())
  }.sorted()
}

/// The endings of picture files.
let pictureEndings: Set<String> = ["jpg", "jpeg", "png"]

/// The last part of a path without its ending.
func stem(_ path: String) -> String {
  ((path as NSString).lastPathComponent as NSString).deletingPathExtension
}
