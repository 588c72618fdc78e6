import ArgumentParser
import Heads

/// Answers questions about a picture.
struct Ask: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer questions about a picture.",
    discussion: """
      Examples:
        unit ask street.jpg "what colour is the car?"
        unit ask street.jpg "is it raining?" "how many people are there?" --top 1
      """)

  @Argument(help: "A PNG or JPEG file, a folder, a pattern, or - for standard input.")
  var image: String

  @Argument(help: "Questions, each in quotes.")
  var questions: [String]

  @OptionGroup var modelOptions: ModelOptions

  @OptionGroup var labelOptions: LabelOptions

  @Option(help: "How many answers to a question.")
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
    for question in questions { try TextInput.check(question, what: "question") }
    let model = try modelOptions.open(
      notes, labels: labelOptions.replacement(task: modelOptions.task, use: .question))
    let task = try model.task(modelOptions.task, for: .question)
    TextInput.noteCuts(questions.map { ($0, nil) }, model: model, task: task, notes)
    let batch = try PictureBatch([image], notes)
    let status = try batch.forEach { input in
      let answers = try model.ask(input.load(), questions, task: task.name)
      let report = AnswerReport(
        file: input.name,
        answers: zip(questions, answers).map { ($0, Array($1.prefix(top))) })
      switch format {
      case .text: try StandardOutput.write(report.text(naming: batch.isBatch))
      case .json: try StandardOutput.write(report.json.text + "\n")
      case .hf: try StandardOutput.write(report.huggingFace.text + "\n")
      }
    }
    if status != .done { throw status }
  }
}

/// The formats of answers.
enum AnswerFormat: String, NamedChoice {
  /// For people.
  case text
  /// This program's own format.
  case json
  /// Hugging Face's question-answering pipeline.
  case hf
}
