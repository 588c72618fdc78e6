import Foundation

/// The files that a command reads pictures from, which no output may overwrite.
struct OriginalPictures {
  private let paths: Set<String>

  /// The files among the inputs.
  init(_ inputs: [PictureInput]) {
    paths = Set(
      inputs.compactMap { input in
        guard case .file(let path) = input else { return nil }
        return Self.resolved(path)
      })
  }

  /// Refuses a path at which one of the pictures lies, whatever way it is written.
  ///
  /// - Throws: `Failure` with the code 64.
  func refuse(_ path: String, option: String) throws {
    guard paths.contains(Self.resolved(path)) else { return }
    throw Failure(
      .usage, "\(option) \(path): this is the picture that is read, it would be overwritten",
      advice: "name another file or folder")
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
}
