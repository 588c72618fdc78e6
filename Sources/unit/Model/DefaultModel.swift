import Foundation

/// Finds the model that comes with the program.
enum DefaultModel {
  /// Where it is looked for, in this order: what `UNIT_MODEL` names, the resources beside the
  /// executable, and the place of an installed program.
  static var places: [String] {
    let wish = ProcessInfo.processInfo.environment["UNIT_MODEL"] ?? ""
    if !wish.isEmpty { return [wish] }
    return ProgramFiles.places("UniT_unit.resources/DefaultModel", installed: "DefaultModel")
  }

  /// The folder of the default model, or nil where none of the places holds one.
  static var folder: String? {
    places.first { FileManager.default.fileExists(atPath: $0 + "/config.json") }
  }
}
