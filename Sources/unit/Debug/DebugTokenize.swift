import ArgumentParser
import Heads
import Inputs
import Models

/// Prints the word pieces of a text.
struct DebugTokenize: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Print the word pieces of a text, or of a pair of texts, as JSON.",
    discussion: """
      Example:
        unit debug tokenize "what colour is the car?"

      With --task the texts are cut to what the task reads.
      """)

  @Argument(help: "The text, in quotes.")
  var text: String

  @Argument(help: "The second text of a pair.")
  var second: String?

  @OptionGroup var modelOptions: ModelOptions

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let model = try modelOptions.open(common.notes)
    guard let wordPiece = model.wordPiece, let tables = model.textTables else {
      throw Failure(
        .usage, "\(try modelOptions.folder): the model reads no text, so it has no word pieces")
    }
    let task = try modelOptions.task.map { try model.task(named: $0) }
    let sequence = wordPiece.encode(
      text, pair: second, maximumLength: task?.maximumTokens ?? tables.positions)
    let result: JSONText = [
      "input_ids": .array(sequence.ids.map(JSONText.integer)),
      "token_type_ids": .array(sequence.typeIds.map(JSONText.integer)),
      "attention_mask": .array(sequence.ids.map { _ in 1 }),
      "tokens": .array(sequence.ids.map { .string(wordPiece.vocabulary.tokens[$0]) }),
    ]
    try StandardOutput.write(result.text + "\n")
  }
}
