import ArgumentParser
import Datasets
import Foundation

/// What is done to data sets themselves; no model is needed.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Check data sets before training, convert them, and make scenes.",
    discussion: """
      Examples:
        unit data check coco --kind coco
        unit data convert coco --to voc --output coco-as-voc
        unit data scenes --output scenes/train --count 20000 --seed 1
      """,
    subcommands: [CheckData.self, ConvertData.self, DataScenes.self])
}

/// The data set that a command works on.
struct MarkedDataOptions: ParsableArguments {
  @Argument(help: "Folder or file of the data set.")
  var path: String

  @Option(help: "Part of the data set; may be given several times. Left out: all that are there.")
  var split: [String] = []

  @OptionGroup var common: CommonOptions

  /// Reads the data set.
  ///
  /// - Parameter format: its format; nil for what its files suggest.
  /// - Throws: `Failure`, and the readers' errors.
  func parts(
    _ format: MarkedFormat?, option: String
  ) throws -> (format: MarkedFormat, parts: [(split: String, data: MarkedPictures)]) {
    common.apply()
    let place = try requireFiles()
    guard let format = format ?? MarkedFormat(of: place) else {
      throw Failure(
        .usage, "\(path): its files do not tell the data set's format",
        advice: "name it with \(option): \(MarkedFormat.list)")
    }
    return (format, try format.parts(path, splits: split))
  }

  /// Refuses paths where nothing is, with the nearest names.
  ///
  /// - Returns: the path of the first part.
  /// - Throws: `Failure` with the code 66.
  @discardableResult
  func requireFiles() throws -> String {
    let places = split.isEmpty ? [path] : split.map { path.replacing("{split}", with: $0) }
    for place in places where !FileManager.default.fileExists(atPath: place) {
      throw Failure(.missingInput, "\(place): there is no such file or folder\(nearby(place))")
    }
    return places[0]
  }
}

extension MarkedFormat: NamedChoice {}
