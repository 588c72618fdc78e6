import ArgumentParser
import Heads

/// Says what pictures show as a whole.
struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a picture shows as a whole, with models that classify pictures.",
    discussion: """
      Examples:
        unit classify cat.jpg --model path/to/resnet-50
        unit classify photos/ --model path/to/model --top 1 --format json
      """)

  @Argument(help: "PNG or JPEG files, folders, patterns, or - for standard input.")
  var images: [String]

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "How many classes of a picture.")
  var top = 5

  @Option(help: "\(AnswerFormat.list).", transform: AnswerFormat.named)
  var format = AnswerFormat.text

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if top < 1 { throw ValidationError("--top must be at least 1, not \(top)") }
  }

  func run() throws {
    common.apply()
    let notes = common.notes
    let model = try modelOptions.open(notes)
    let task = try model.task(modelOptions.task, for: .picture)
    let batch = try PictureBatch(images, notes)
    let status = try batch.forEach { input in
      let ranked = try model.classify(input.load(), task: task.name)
      let report = ClassReport(file: input.name, task: task, ranked: Array(ranked.prefix(top)))
      switch format {
      case .text: try StandardOutput.write(report.text(naming: batch.isBatch))
      case .json: try StandardOutput.write(report.json.text + "\n")
      case .hf: try StandardOutput.write(report.huggingFace.text + "\n")
      }
    }
    if status != .done { throw status }
  }
}
