import Foundation

/// The text of a recipe, and where its relative paths begin.
package struct RecipeFile {
  /// The file as the user named it.
  package let path: String
  /// Its content.
  package let text: String
  /// The folder that it lies in.
  package var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

  /// Reads a recipe.
  ///
  /// - Throws: `RecipeError` where it is missing, too large or no text.
  package init(contentsOf file: String) throws {
    func failure(_ reason: String, missing: Bool = false) -> RecipeError {
      RecipeError(file: file, reason: reason, isMissingFile: missing)
    }
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory) else {
      throw failure("there is no such file; name a recipe in YAML", missing: true)
    }
    guard !isDirectory.boolValue else {
      throw failure("this is a folder; name a recipe in YAML", missing: true)
    }
    guard let handle = FileHandle(forReadingAtPath: file) else {
      throw failure("the file cannot be opened; check its permissions", missing: true)
    }
    defer { try? handle.close() }
    let limit = RecipeTree.limits.bytes
    let data = try handle.read(upToCount: limit + 1) ?? Data()
    guard data.count <= limit else {
      throw failure("larger than \(limit / 1024) KiB: this is no recipe")
    }
    guard let text = String(data: data, encoding: .utf8) else { throw failure("not UTF-8 text") }
    (self.path, self.text) = (file, text)
  }

  /// A path of a recipe, which is relative to the recipe's folder.
  package static func resolve(_ path: String, in folder: String) -> String {
    path.hasPrefix("/")
      ? path : URL(fileURLWithPath: folder).appendingPathComponent(path).standardizedFileURL.path
  }
}
