import ArgumentParser
import Checkpoints
import Foundation
import Heads

/// Shows what a file of weights or a model holds.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the tensors of a file, or the configuration, tasks and size of a model.",
    discussion: """
      Examples:
        unit inspect model.safetensors
        unit inspect detr-r50-e632da11.pth
        unit inspect path/to/model --format json

      Of a file of weights, in any format that 'unit convert' reads, it shows the tensors, which of \
      them are one and the same data, and what else the file holds.
      """)

  @Argument(help: "A file of weights or the folder of a model.")
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
    let configuration = path + "/" + ModelDirectory.FileName.configuration
    if isFolder.boolValue && FileManager.default.fileExists(atPath: configuration) {
      let report = try ModelReport(path)
      try StandardOutput.write(format == .text ? report.text : report.json.text + "\n")
      return
    }
    let report = try ArchiveReport(openCheckpoint(path))
    try StandardOutput.write(format == .text ? report.text : report.json.text + "\n")
  }
}
