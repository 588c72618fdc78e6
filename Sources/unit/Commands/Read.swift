import ArgumentParser
import Heads

/// Classifies a text or a pair of texts.
struct Read: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Classify a text or a pair of texts, with tasks that need no picture.",
    discussion: """
      Examples:
        unit read "a film full of charm" --task sst2 --model path/to/model
        unit read "Is it far?" "How far is it?" --task qqp --model path/to/model
      """)

  @Argument(help: "The text, in quotes.")
  var text: String

  @Argument(help: "The second text of a pair.")
  var second: String?

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "text or json.", transform: ReportFormat.named)
  var format = ReportFormat.text

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    try TextInput.check(text, what: "text")
    if let second { try TextInput.check(second, what: "second text") }
    let model = try modelOptions.open(common.notes)
    let task = try model.task(modelOptions.task, for: .text)
    TextInput.noteCuts([(text, second)], model: model, task: task, common.notes)
    let ranked = try model.read(text, second, task: task.name)
    switch format {
    case .text: try StandardOutput.write(rankedText(ranked))
    case .json:
      let result: JSONText = [
        "schema": 1, "task": .string(task.name), "text": .string(text),
        "second": second.map(JSONText.string) ?? .null, "answers": .ranked(ranked),
      ]
      try StandardOutput.write(result.text + "\n")
    }
  }
}
