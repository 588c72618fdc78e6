import ArgumentParser

/// The options of commands that give the most probable answers or classes.
struct RankingOptions: ParsableArguments {
  @Option(help: "How many of the most probable ones are given.")
  var top = 5

  @Option(help: "\(AnswerFormat.list).", transform: AnswerFormat.named)
  var format = AnswerFormat.text

  func validate() throws {
    if top < 1 { throw ValidationError("--top must be at least 1, not \(top)") }
  }

  /// Writes a result to standard output in the wanted format.
  func write(
    text: @autoclosure () -> String, json: @autoclosure () -> JSONText,
    huggingFace: @autoclosure () -> JSONText
  ) throws {
    switch format {
    case .text: try StandardOutput.write(text())
    case .json: try StandardOutput.write(json().text + "\n")
    case .hf: try StandardOutput.write(huggingFace().text + "\n")
    }
  }
}

/// The formats of answers.
enum AnswerFormat: String, NamedChoice {
  /// For people.
  case text
  /// This program's own format.
  case json
  /// Hugging Face's pipelines.
  case hf
}
