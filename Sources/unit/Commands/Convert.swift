import ArgumentParser
import Checkpoints
import Foundation
import Heads

/// Turns any accepted checkpoint into a model folder.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a model folder of a checkpoint, in this program's layout or transformers'.",
    discussion: """
      Examples:
        unit convert detr-r50-e632da11.pth --to detr
        unit convert unit_final.pth --vocabulary vocab.txt --to unit --dtype bf16
        unit convert path/to/huggingface/folder --to model
        unit convert model --layout hf --to for-transformers

      SOURCE is a model folder of either layout, a file of weights (safetensors, .pth, .bin, .ckpt), \
      the index of several, or a .tar.gz of MMF's model zoo. The kind of a bare file is recognised \
      by the names of its tensors.
      """)

  @Argument(help: "The checkpoint or the folder of a model.")
  var source: String

  @Option(help: "The folder to write; it must not hold a model yet.")
  var to: String

  @Option(help: "For bare files: auto, \(FamilyRegistry.layoutNames.joined(separator: ", ")).")
  var family = "auto"

  @Option(
    help: """
      How weights are stored: \(StorageType.list). int8 stores the weights of large products in 8 bits \
      with a scale for each row, which the network then computes with, and the others as f32.
      """, transform: StorageType.named)
  var dtype = StorageType.f32

  @Option(
    help: "\(ModelLayout.list): this program's or transformers'.", transform: ModelLayout.named)
  var layout = ModelLayout.unit

  @Option(help: "For bare files: the names of the classes, one a line, or id2label as JSON.")
  var labels: String?

  @Option(help: "For bare files that read text: the word pieces, one a line.")
  var vocabulary: String?

  @Flag(help: "For bare files: the last stage of the residual network is dilated (DC5).")
  var dc5 = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    try refuseOccupied()
    guard layout == .unit || dtype != .int8 else {
      throw Failure(
        .usage, "--dtype int8 is a way of storing that the layout \(layout.rawValue) does not have",
        advice: "use f32, f16 or bf16, or leave out --layout")
    }
    let model = try opened()
    let factors = model.parameters.filter(\.isFactor).map(\.name)
    try model.files(layout).write(
      to: to, elementType: dtype.elementType, quantized: Set(factors))
    // Opening the result proves that it is whole before the source is thrown away.
    let written = try ModelDirectory.open(to)
    let tasks = written.tasks.map(\.name).joined(separator: ", ")
    common.notes.note(
      "\(to): family \(written.family), \(written.parameterCount) parameters, tasks \(tasks)")
  }

  private func opened() throws -> any AnsweringModel {
    guard FileManager.default.fileExists(atPath: source) else {
      throw Failure(.missingInput, "\(source): there is no such file or folder\(nearby(source))")
    }
    let file = try labels.map { try LabelFile(contentsOf: $0) }
    let configuration = source + "/" + ModelDirectory.FileName.configuration
    if FileManager.default.fileExists(atPath: configuration) {
      try refuseOptionsOfBareFiles()
      return try ModelDirectory.open(
        source, labels: file.map { LabelReplacement($0, task: nil, use: nil) })
    }
    let notes = common.notes
    let options = ImportOptions(
      labels: file?.names, vocabulary: vocabulary, dilatesLastStage: dc5 ? true : nil,
      note: { notes.note($0) })
    return try FamilyRegistry.open(
      openCheckpoint(source), layout: family == "auto" ? nil : family, options: options)
  }

  // A folder says itself what these options say of a bare file.
  private func refuseOptionsOfBareFiles() throws {
    let given = [
      ("--family", family != "auto"), ("--vocabulary", vocabulary != nil), ("--dc5", dc5),
    ]
    guard let option = given.first(where: \.1)?.0 else { return }
    throw Failure(
      .usage, "\(option) is for bare files, and \(source) is a folder with a config.json",
      advice: "leave it out; what the configuration says counts")
  }

  private func refuseOccupied() throws {
    for name in [ModelDirectory.FileName.configuration, ModelDirectory.FileName.weights] {
      let file = to + "/" + name
      guard !FileManager.default.fileExists(atPath: file) else {
        throw Failure(
          .cannotWrite, "\(file): the folder holds a model already",
          advice: "name another folder with --to, or remove that one")
      }
    }
  }
}

/// How the elements of weights are stored.
enum StorageType: String, NamedChoice {
  /// 32 bits.
  case f32
  /// 16 bits, 11 of them precision.
  case f16
  /// 16 bits with the range of f32, 8 of them precision.
  case bf16
  /// 8 bits with a scale for each row, for the weights of large products.
  case int8

  var elementType: ElementType {
    switch self {
    case .f32: .float32
    case .f16: .float16
    case .bf16: .bfloat16
    case .int8: .int8
    }
  }
}

extension ModelLayout: NamedChoice {}
