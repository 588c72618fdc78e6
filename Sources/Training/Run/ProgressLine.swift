import Foundation

/// Shows on standard error how far a run is: one line rewritten on a terminal, elsewhere a line
/// every few seconds.
package struct ProgressLine {
  private let isTerminal: Bool
  private let interval: Double
  private let write: (String) -> Void
  private var lastShown: Double?
  private var width = 0

  /// A line on standard error, or on `write` in tests.
  package init(
    isTerminal: Bool = isatty(STDERR_FILENO) == 1, interval: Double? = nil,
    write: @escaping (String) -> Void = { FileHandle.standardError.write(Data($0.utf8)) }
  ) {
    self.isTerminal = isTerminal
    self.interval = interval ?? (isTerminal ? 0.2 : 10)
    self.write = write
  }

  /// Shows `text` unless something was shown a moment ago.
  ///
  /// - Parameters:
  ///   - now: seconds since some fixed moment.
  ///   - isLast: whether this is the last line, which is always shown.
  package mutating func show(now: Double, isLast: Bool = false, _ text: () -> String) {
    if !isLast, let lastShown, now - lastShown < interval { return }
    lastShown = now
    let line = text()
    guard isTerminal else { return write(line + "\n") }
    write("\r" + line + String(repeating: " ", count: max(0, width - line.count)))
    width = line.count
  }

  /// Ends the line that was being rewritten, so that what follows has a line of its own.
  package mutating func end() {
    if isTerminal, width > 0 { write("\n") }
    width = 0
  }

  /// Writes a line of its own, whatever was shown before.
  package mutating func say(_ line: String) {
    end()
    write(line + "\n")
  }

  /// Seconds as `01:02:03`.
  package static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 3.6e8))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(whole / 3600)):\(two(whole / 60 % 60)):\(two(whole % 60))"
  }
}
