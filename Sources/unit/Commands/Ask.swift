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

  @OptionGroup var ranking: RankingOptions

  @OptionGroup var decoding: DecodingOptions

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let notes = common.notes
    for question in questions { try TextInput.check(question, what: "question") }
    let batch = try PictureBatch([image], notes)
    let model = try modelOptions.open(
      notes, labels: labelOptions.replacement(task: modelOptions.task, use: .question))
    let task = try model.task(modelOptions.task, for: .question)
    TextInput.noteCuts(questions.map { ($0, nil) }, model: model, task: task, notes)
    let scale = decoding.scale(for: model, task)
    let status = try batch.forEach { input in
      let answers = try model.ask(input.load(scale: scale), questions, task: task.name)
      let report = AnswerReport(
        file: input.name,
        answers: zip(questions, answers).map { ($0, Array($1.prefix(ranking.top))) })
      try ranking.write(
        text: report.text(naming: batch.isBatch), json: report.json,
        huggingFace: report.huggingFace)
    }
    if status != .done { throw status }
  }
}
