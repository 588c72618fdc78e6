import ArgumentParser
import CKernels
import COpenBLAS
import Foundation
import Tensors

/// Shows what the program found on this machine.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show processor, libraries, threads, limits, versions and the default model.",
    discussion: """
      Example:
        unit doctor
      """)

  @Option(help: "text or json.", transform: ReportFormat.named)
  var format = ReportFormat.text

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let facts = Self.facts()
    switch format {
    case .json:
      let fields = facts.map { JSONText.Field(name: $0.name, value: $0.value) }
      try StandardOutput.write(
        JSONText.object([.init(name: "schema", value: 1)] + fields).text + "\n")
    case .text:
      let width = facts.map(\.name.count).max() ?? 0
      let lines = facts.map { fact in
        fact.name.replacing("_", with: " ")
          .padding(toLength: width + 2, withPad: " ", startingAt: 0)
          + Self.words(fact.value)
      }
      try StandardOutput.write(lines.joined(separator: "\n") + "\n")
    }
  }

  private static func facts() -> [(name: String, value: JSONText)] {
    let process = ProcessInfo.processInfo
    return [
      ("version", .string(Unit.version)),
      ("compiler", .string(buildDescription)),
      ("system", .string(process.operatingSystemVersionString)),
      ("processor", .string(Processor.name)),
      ("cores", .integer(Processors.available)),
      ("instruction_sets", .array(Processor.instructionSets.map(JSONText.string))),
      ("kernels", .string(["scalar", "AVX2", "AVX-512"][Int(min(2, max(0, kernel_level())))])),
      ("threads", .integer(Parallel.threads)),
      ("blas", .string(text(openblas_get_config()))),
      ("blas_core", .string(text(openblas_get_corename()))),
      ("memory_bytes", .integer(Int(process.physicalMemory))),
      ("memory_limit_bytes", MemoryLimit.smallest.map(JSONText.integer) ?? .null),
      ("default_model", DefaultModel.folder.map(JSONText.string) ?? .null),
      ("default_model_places", .array(DefaultModel.places.map(JSONText.string))),
    ]
  }

  private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
    pointer.map { String(cString: $0).trimmingCharacters(in: .whitespaces) } ?? "unknown"
  }

  private static func words(_ value: JSONText) -> String {
    switch value {
    case .string(let string): string
    case .array(let values): values.map(words).joined(separator: " ")
    case .null: "none"
    default: value.text
    }
  }

  private static var buildDescription: String {
    #if DEBUG
      let configuration = "debug"
    #else
      let configuration = "release"
    #endif
    #if compiler(>=6.4)
      let compiler = "Swift 6.4 or later"
    #elseif compiler(>=6.3)
      let compiler = "Swift 6.3"
    #else
      let compiler = "Swift 6.2"
    #endif
    return "\(compiler), \(configuration)"
  }
}
