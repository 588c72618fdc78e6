import Foundation

/// What the program says to people, on standard error: notes, progress, warnings and errors.
struct Notes: Sendable {
  /// Whether notes and progress are suppressed (errors are not).
  var isQuiet = false
  /// Whether details are shown as well.
  var isVerbose = false

  /// Whether standard error is a terminal that shows moving progress.
  static let movesCursor = isatty(STDERR_FILENO) == 1
  /// Whether colour is wanted: on a terminal, unless `NO_COLOR` is set to anything.
  static let hasColour =
    movesCursor && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Says something worth knowing.
  func note(_ text: String) {
    if !isQuiet { Self.write(text.singleLine + "\n") }
  }

  /// Says something that only helps to find out what went on.
  func detail(_ text: String) {
    if isVerbose && !isQuiet { Self.write(text.singleLine + "\n") }
  }

  /// Shows how far a long batch is; on a terminal only.
  func progress(_ text: String) {
    if !isQuiet && Self.movesCursor { Self.write("\r\u{1B}[K" + text.singleLine) }
  }

  /// Removes the progress line.
  func endProgress() {
    if !isQuiet && Self.movesCursor { Self.write("\r\u{1B}[K") }
  }

  /// Says what went wrong.
  static func report(_ failure: Failure) {
    guard hasColour else { return write(failure.lines) }
    let lines = failure.lines
    write("\u{1B}[31munit:\u{1B}[0m" + lines.dropFirst("unit:".count))
  }

  private static func write(_ text: String) {
    // Nowhere is left to complain to if this fails.
    _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
  }
}
