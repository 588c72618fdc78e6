import ArgumentParser
import Foundation

/// The program: parses the command line, runs the subcommand, and turns every error into one or two
/// lines on standard error and an exit code.
@main
struct Unit: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "unit",
    abstract: "One model that finds objects in pictures, answers questions, and reads text.",
    discussion: """
      Examples:
        unit detect street.jpg --annotate found.png
        unit ask street.jpg "what colour is the car?"

      Results go to standard output, everything else to standard error.
      """,
    version: version,
    subcommands: [
      Detect.self, Ask.self, Entail.self, Read.self, Classify.self, Train.self, Table.self,
      Evaluate.self,
      Score.self, DataCommand.self, Convert.self, Inspect.self, Bench.self,
      Doctor.self,
      Debug.self,
    ])

  static func main() {
    Signals.install()
    Foundation.exit(run(CommandLine.rawArguments).rawValue)
  }

  /// Runs one command line (without the program's name).
  private static func run(_ raw: [[UInt8]]) -> ExitStatus {
    do {
      let arguments = try decoded(raw)
      try checkCommand(arguments)
      var command = try parseAsRoot(arguments)
      try command.run()
      return .done
    } catch is StandardOutput.ClosedPipe {
      return .done
    } catch let status as ExitStatus {
      return status
    } catch {
      return report(error, arguments: raw.map { String(decoding: $0, as: UTF8.self) })
    }
  }

  /// The arguments as text; a file name or question in another encoding is refused, because what
  /// would be shown and compared is not what was typed.
  private static func decoded(_ raw: [[UInt8]]) throws -> [String] {
    try raw.enumerated().map { position, bytes in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Failure(
          .usage,
          "argument \(position + 1) is not UTF-8 text: "
            + "'\(String(decoding: bytes, as: UTF8.self).shortened())'",
          advice: "set the terminal to UTF-8, or rename the file")
      }
      return text
    }
  }

  /// Refuses a command that does not exist, with the nearest one that does.
  private static func checkCommand(_ arguments: [String]) throws {
    var group: any ParsableCommand.Type = Unit.self
    var path = "unit"
    for name in arguments {
      let commands = group.configuration.subcommands
      guard !commands.isEmpty, !name.hasPrefix("-"), name != "help" else { return }
      let names = commands.map { $0._commandName }
      guard let position = names.firstIndex(of: name) else {
        throw Failure(
          .usage,
          "there is no command '\(name.shortened())' of '\(path)'\(didYouMean(name, among: names))",
          advice: "the commands are \(names.joined(separator: ", ")); see '\(path) --help'")
      }
      group = commands[position]
      path += " " + name
    }
  }

  private static func report(_ error: any Error, arguments: [String]) -> ExitStatus {
    let code = exitCode(for: error)
    if code.isSuccess {
      // Help and version texts travel as errors, too.
      do {
        try StandardOutput.write(fullMessage(for: error) + "\n")
      } catch let error where !(error is StandardOutput.ClosedPipe) {
        let failure = failure(for: error)
        Notes.report(failure)
        return failure.status
      } catch {}
      return .done
    }
    if code == .validationFailure {
      let group = ["data", "debug", "score"].contains(arguments.first)
      let command = arguments.prefix { !$0.hasPrefix("-") }.prefix(group ? 2 : 1)
      Notes.report(
        Failure(
          .usage, message(for: error),
          advice: "see '\((["unit"] + command).joined(separator: " ")) --help'"))
      return .usage
    }
    let failure = failure(for: error)
    Notes.report(failure)
    return failure.status
  }
}

extension ExitStatus: Error {}

extension CommandLine {
  /// The arguments after the program's name, byte by byte as the system gave them.
  fileprivate static var rawArguments: [[UInt8]] {
    (1..<max(1, Int(argc))).compactMap { index in
      unsafeArgv[index].map { pointer in
        Array(UnsafeBufferPointer(start: pointer, count: strlen(pointer))).map(
          UInt8.init(bitPattern:))
      }
    }
  }
}
