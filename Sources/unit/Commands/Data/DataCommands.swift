import ArgumentParser

/// What is done with data sets.
struct DataCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Make data to train on.",
    discussion: """
      Example:
        unit data scenes --output scenes/train --count 20000 --seed 1
      """,
    subcommands: [DataScenes.self])
}
