import Checkpoints
import Foundation
import Inputs

/// Finds and decodes the pictures that a recipe names.
struct SceneFiles {
  private enum Source {
    case folder(String)
    case archive(ZipArchive)
  }

  /// One picture that was found.
  struct Entry: Sendable {
    /// Its path, or that of the archive and the name inside.
    let name: String
    fileprivate let archive: ZipArchive?
    fileprivate let path: String

    /// Decodes it.
    ///
    /// - Parameter scale: how a large JPEG may be made smaller on the way.
    func image(_ scale: Decoding = .exact) throws -> Image {
      guard let archive else { return try Image(contentsOf: path, scale: scale) }
      guard let bytes = try archive.bytes(of: path) else {
        throw SceneError.unfit(file: name, expected: "a picture", found: "none")
      }
      return try Image(decoding: bytes, name: name, scale: scale)
    }
  }

  private let recipe: String
  private let folder: String
  private var sources: [String: Source] = [:]

  init(_ recipe: SceneRecipe) throws {
    self.recipe = recipe.file
    folder = recipe.folder
    for (name, path) in recipe.sources.sorted(by: { $0.key < $1.key }) {
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
        throw SceneError.missing(recipe: recipe.file, entry: "source \(name)", tried: [path])
      }
      sources[name] = isDirectory.boolValue ? .folder(path) : .archive(try ZipArchive(path: path))
    }
  }

  /// The pictures of a list, folders replaced by what they hold, in the order of the names.
  func entries(_ list: [String]) throws -> [Entry] {
    try list.flatMap { try entries($0) }
  }

  private func entries(_ item: String) throws -> [Entry] {
    let parts = item.split(separator: ":", maxSplits: 1).map(String.init)
    // An absolute path may have colons.
    guard parts.count == 2, !item.hasPrefix("/") else { return try entries(item, below: folder) }
    switch sources[parts[0]] {
    case .folder(let path): return try entries(item, at: path + "/" + parts[1])
    case .archive(let archive): return try entries(item, parts[1], in: archive)
    case nil:
      let known = sources.keys.sorted().joined(separator: ", ")
      throw SceneError.missing(
        recipe: recipe, entry: item, tried: ["the sources, which are \(known)"])
    }
  }

  private func entries(_ item: String, below folder: String) throws -> [Entry] {
    try entries(item, at: item.hasPrefix("/") ? item : folder + "/" + item)
  }

  private func entries(_ item: String, at path: String) throws -> [Entry] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw SceneError.missing(recipe: recipe, entry: item, tried: [path])
    }
    guard isDirectory.boolValue else { return [Entry(name: path, archive: nil, path: path)] }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).filter(Self.isPicture)
    guard !names.isEmpty else {
      throw SceneError.unfit(
        file: path, expected: "a folder with PNG or JPEG pictures", found: "none")
    }
    return names.sorted().map { Entry(name: "\(path)/\($0)", archive: nil, path: "\(path)/\($0)") }
  }

  private func entries(_ item: String, _ name: String, in archive: ZipArchive) throws -> [Entry] {
    let names = archive.names.filter { $0 == name }
    let folder = name.hasSuffix("/") ? name : name + "/"
    let inside = archive.names.filter { found in
      found.hasPrefix(folder) && Self.isPicture(found)
        && !found.dropFirst(folder.count).contains("/")
    }
    let found = inside.isEmpty ? names : inside
    guard !found.isEmpty else {
      throw SceneError.missing(recipe: recipe, entry: item, tried: ["\(archive.path): \(name)"])
    }
    return found.map { Entry(name: "\(archive.path): \($0)", archive: archive, path: $0) }
  }

  private static func isPicture(_ name: String) -> Bool {
    [".png", ".jpg", ".jpeg"].contains { name.lowercased().hasSuffix($0) }
  }
}
