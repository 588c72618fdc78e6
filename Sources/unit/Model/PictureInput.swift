import Foundation
import Inputs
import Wording

/// One picture to be worked on, as the arguments name it.
enum PictureInput: Equatable {
  /// A file.
  case file(String)
  /// `-`: the bytes that come on standard input.
  case standardInput
  /// An argument that stands for no picture.
  case missing(Failure)

  /// The name that results carry: the path as it was found, or `-`.
  var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "-"
    case .missing: ""
    }
  }

  /// Decodes the picture.
  ///
  /// - Parameter scale: how much is decoded, and the size that a JPEG gets meanwhile.
  /// - Throws: `Failure` for an argument that stands for no picture, `ImageError`.
  func load(scale: Decoding = .exact) throws -> Image {
    switch self {
    case .file(let path): try Image(contentsOf: path, scale: scale)
    case .standardInput:
      try Image(decoding: StandardInput.readAll(), name: "standard input", scale: scale)
    case .missing(let failure): throw failure
    }
  }

  /// Pictures that the arguments stand for: a file for itself, a folder for the PNG and JPEG files
  /// directly in it, a pattern such as `'*.png'` for the files that fit, by name.
  static func expand(_ arguments: [String]) throws -> [PictureInput] {
    let inputs = arguments.flatMap(expand)
    if inputs.count(where: { $0 == .standardInput }) > 1 {
      throw Failure(.usage, "'-' stands for standard input and can be given only once")
    }
    return inputs
  }

  /// Whether an argument is a folder or a pattern, however many pictures it turns out to hold.
  static func standsForSeveral(_ argument: String) -> Bool {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder)
    return exists ? isFolder.boolValue : isPattern(argument)
  }

  private static func isPattern(_ argument: String) -> Bool {
    argument.contains { "*?[".contains($0) }
  }

  private static func expand(_ argument: String) -> [PictureInput] {
    if argument == "-" { return [.standardInput] }
    if argument.isEmpty {
      return [
        .missing(Failure(.missingInput, "the name of the picture is empty", advice: "name a file"))
      ]
    }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder)
    if exists && isFolder.boolValue { return pictures(in: argument) }
    if !exists && isPattern(argument) { return matches(argument) }
    if !exists { return [missing(argument)] }
    return [.file(argument)]
  }

  private static func pictures(in folder: String) -> [PictureInput] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      return [.missing(Failure(.missingInput, "\(folder): the folder cannot be read"))]
    }
    let pictures = names.filter {
      !$0.hasPrefix(".")
        && ["png", "jpg", "jpeg"].contains(($0 as NSString).pathExtension.lowercased())
    }
    guard !pictures.isEmpty else {
      return [
        .missing(
          Failure(
            .missingInput, "\(folder): expected PNG or JPEG files, the folder holds none",
            advice: "sub-folders are not searched: name them, or use a pattern such as "
              + "'\(folder)/*/*.png'"))
      ]
    }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return pictures.sorted().map { .file(prefix + $0) }
  }

  private static func matches(_ pattern: String) -> [PictureInput] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0, found.gl_pathc > 0 else {
      return [.missing(Failure(.missingInput, "\(pattern): no file fits this pattern"))]
    }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { .file(String(cString: $0)) }
    }
  }

  private static func missing(_ path: String) -> PictureInput {
    .missing(Failure(.missingInput, "\(path): there is no such file\(nearby(path))"))
  }
}

/// The words "; did you mean 'x'?" with an existing file of a similar name in the same folder.
func nearby(_ path: String) -> String {
  let name = (path as NSString).lastPathComponent
  let folder = parentFolder(of: path)
  let names =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
  return didYouMean(name, among: names.filter { !$0.hasPrefix(".") })
}
