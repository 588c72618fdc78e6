import Heads
import Models

/// Checks texts from the command line before anything is computed.
enum TextInput {
  /// Longest text that is accepted, in characters; models read far less of it.
  static let limit = 2000

  /// Refuses a text that is empty or too long.
  ///
  /// - Parameter what: what the text is, for the message: "question".
  /// - Throws: `Failure` with the code 64.
  static func check(_ text: String, what: String) throws {
    let count = text.count
    if text.allSatisfy(\.isWhitespace) {
      throw Failure(
        .usage, "the \(what) is empty", advice: "give the \(what) in quotes, as one argument")
    }
    if count > limit {
      throw Failure(
        .usage,
        "the \(what) '\(text.shortened(to: 30))' has \(count) characters, the limit is \(limit)",
        advice: "shorten it; a model reads the first words only")
    }
  }

  /// Says which texts a task will not read to their end.
  static func noteCuts(
    _ texts: [(first: String, second: String?)], model: any AnsweringModel, task: TaskSpec,
    _ notes: Notes
  ) {
    guard let wordPiece = model.wordPiece, let limit = model.maximumTokens(of: task) else {
      return
    }
    for text in texts {
      let pieces =
        wordPiece.ids(text.first).count + (text.second.map { wordPiece.ids($0).count + 1 } ?? 0)
      if pieces + 2 > limit {
        notes.note(
          "note: '\(text.first.shortened(to: 30))' has \(pieces + 2) word pieces, "
            + "the task '\(task.name)' reads the first \(limit)")
      }
    }
  }
}
