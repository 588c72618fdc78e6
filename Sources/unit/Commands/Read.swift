import ArgumentParser
import Heads

/// Classifies a text or a pair of texts.
struct Read: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Classify or compare texts, with tasks that need no picture.",
    discussion: """
      Examples:
        unit read "a film full of charm" --task sst2 --model path/to/model
        unit read "Is it far?" "How far is it?" --task qqp --model path/to/model
        unit read "A man is eating." "Someone has a meal." --model path/to/all-MiniLM-L6-v2

      A model that makes vectors of texts, such as MiniLM, gives the similarity of two texts, and of \
      one text its vector.
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
    let isEmbedding = task.head == "embedding"
    // Vectors are made of each text by itself.
    let read: [(String, String?)] =
      isEmbedding ? [text, second].compactMap { $0 }.map { ($0, nil) } : [(text, second)]
    TextInput.noteCuts(read, model: model, task: task, common.notes)
    let report = ReadReport(
      task: task.name, text: text, second: second,
      outcome: isEmbedding && second == nil
        ? .vector(try model.embeddings([text], task: task).elements)
        : .ranked(try model.read(text, second, task: task.name)))
    try StandardOutput.write(format == .text ? report.plainText : report.json.text + "\n")
  }
}
