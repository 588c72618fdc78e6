import Tensors

/// A process that races against others: it holds a network and runs it when it is told to.
///
/// It writes `{"ready": true}` and then, for every line `go N` that it reads, the milliseconds of N
/// runs as a JSON array. It ends with its input.
enum BenchWorker {
  /// Serves until the input ends.
  ///
  /// - Throws: `Failure` with the code 65 for any other line.
  static func serve(_ run: () throws -> Void) throws {
    try run()
    try StandardOutput.write("{\"ready\":true}\n")
    while let line = readLine() {
      let words = line.split(separator: " ")
      guard words.count == 2, words[0] == "go", let count = Int(words[1]), count >= 0 else {
        throw Failure(
          .badData, "standard input: expected 'go' and a number, found '\(line.shortened())'")
      }
      let clock = ContinuousClock()
      let times = try (0..<count).map { _ in
        JSONText.double(try clock.measure(run).milliseconds)
      }
      try StandardOutput.write(JSONText.array(times).text + "\n")
    }
  }
}
