import ArgumentParser
import Heads

/// Says whether a picture shows what a sentence states.
struct Entail: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say whether a picture shows what a sentence states.",
    discussion: """
      Example:
        unit entail street.jpg "two people are crossing the road" --model path/to/model
      """)

  @Argument(help: "A PNG or JPEG file, or - for standard input.")
  var image: String

  @Argument(help: "The sentence, in quotes.")
  var hypothesis: String

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "text or json.", transform: ReportFormat.named)
  var format = ReportFormat.text

  @OptionGroup var decoding: DecodingOptions

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    try TextInput.check(hypothesis, what: "hypothesis")
    let model = try modelOptions.open(common.notes)
    // Statements are classified; a task that only answers questions would rank words instead.
    let name =
      modelOptions.task
      ?? model.tasks.first {
        $0.head == "classification" && $0.inputs.contains(.image) && $0.inputs.contains(.text)
      }?.name
    guard let name else {
      throw Failure(
        .usage, "the model has no task that judges statements about pictures",
        advice: "choose another model with --model, or name a task with --task")
    }
    let task = try model.task(name, for: .question)
    TextInput.noteCuts([(hypothesis, nil)], model: model, task: task, common.notes)
    let input = image == "-" ? PictureInput.standardInput : .file(image)
    let picture = try input.load(scale: decoding.scale(for: model, task))
    let ranked = try model.ask(picture, [hypothesis], task: task.name)[0]
    switch format {
    case .text: try StandardOutput.write(rankedText(ranked))
    case .json:
      let result: JSONText = [
        "schema": 1, "file": .string(input.name), "task": .string(task.name),
        "hypothesis": .string(hypothesis), "answers": .ranked(ranked),
      ]
      try StandardOutput.write(result.text + "\n")
    }
  }
}
