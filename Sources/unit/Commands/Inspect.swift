import ArgumentParser
import Checkpoints
import Foundation
import Tensors

/// Shows what a file of weights or a model holds.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the tensors of a file, or the configuration, tasks and size of a model.",
    discussion: """
      Examples:
        unit inspect model.safetensors
        unit inspect path/to/model --format json
      """)

  @Argument(help: "A .safetensors file or the folder of a model.")
  var path: String

  @Option(help: "text or json.", transform: ReportFormat.named)
  var format = ReportFormat.text

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure(.missingInput, "\(path): there is no such file or folder\(nearby(path))")
    }
    if isFolder.boolValue {
      let report = try ModelReport(path)
      try StandardOutput.write(format == .text ? report.text : report.json.text + "\n")
      return
    }
    let file = try SafetensorsFile(contentsOf: path)
    try StandardOutput.write(format == .text ? Self.text(file) : Self.json(file).text + "\n")
  }

  private static func text(_ file: SafetensorsFile) -> String {
    let width = file.entries.map(\.name.count).max() ?? 0
    var text =
      "\(file.path): \(file.entries.count) tensors, \(file.elementCount) elements\n"
    for (key, value) in file.metadata.sorted(by: { $0.key < $1.key }) {
      text += "\(key): \(value)".singleLine + "\n"
    }
    for entry in file.entries {
      let name = entry.name.singleLine.padding(toLength: width, withPad: " ", startingAt: 0)
      text += "\(name)  \(entry.type.rawValue)  \(entry.shape)\n"
    }
    return text
  }

  private static func json(_ file: SafetensorsFile) -> JSONText {
    [
      "schema": 1, "file": .string(file.path), "elements": .integer(file.elementCount),
      "metadata": .object(
        file.metadata.sorted { $0.key < $1.key }.map {
          .init(name: $0.key, value: .string($0.value))
        }),
      "tensors": .array(file.entries.map(\.json)),
    ]
  }
}

extension SafetensorsFile {
  /// Number of elements of all tensors together.
  var elementCount: Int { entries.reduce(0) { $0 + $1.shape.elementCount } }
}

extension SafetensorsFile.Entry {
  fileprivate var json: JSONText {
    [
      "name": .string(name), "dtype": .string(type.rawValue),
      "shape": .array(shape.map(JSONText.integer)),
    ]
  }
}
