/// An error as the user sees it: one line that says which file, which entry, what was expected and
/// what was found, perhaps a second line that says what to do next, and the exit code.
struct Failure: Error, Equatable {
  /// The exit code of the process, or of this input in a batch.
  let status: ExitStatus
  /// What happened, without a full stop.
  let message: String
  /// What to do next.
  let advice: String?

  /// An error with its exit code, wording and advice.
  init(_ status: ExitStatus, _ message: String, advice: String? = nil) {
    self.status = status
    self.message = message
    self.advice = advice
  }

  /// An error of a module: its description's first line is what happened, the second the advice.
  init(_ status: ExitStatus, describing error: any Error) {
    let lines = "\(error)".split(separator: "\n", maxSplits: 1).map(String.init)
    self.init(status, lines.first ?? "unknown error", advice: lines.count > 1 ? lines[1] : nil)
  }

  /// The two lines at most that go to standard error.
  var lines: String {
    let first = "unit: \(message.singleLine)\n"
    guard let advice else { return first }
    return first + "      \(advice.singleLine)\n"
  }
}

extension String {
  /// The text on one line: control characters, which could also steer a terminal, become spaces.
  var singleLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map {
          $0.properties.generalCategory == .control ? " " : $0
        }))
  }

  /// At most `limit` characters of the text, for quoting it in a message.
  func shortened(to limit: Int = 60) -> String {
    count <= limit ? self : prefix(limit) + "…"
  }
}
