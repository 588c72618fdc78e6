import ArgumentParser
import Tensors

/// The options that every command takes.
struct CommonOptions: ParsableArguments {
  @Option(help: "Number of threads; if left out, one for each core that the program may use.")
  var threads: Int?

  @Option(help: "Seed of everything random, 0 if left out: the same seed gives the same bytes.")
  var seed: UInt64?

  @Flag(help: "No notes and no progress; errors are still shown.")
  var quiet = false

  @Flag(help: "More notes, on standard error.")
  var verbose = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be 1 to 1024, not \(threads)")
    }
  }

  /// What the command says to people.
  var notes: Notes { Notes(isQuiet: quiet, isVerbose: verbose) }

  /// Puts the options into force.
  func apply() {
    if let threads { Parallel.threads = threads }
  }
}
