import ArgumentParser

/// The commands that show single stages of the program, for checking numbers.
struct Debug: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what single stages of the program compute, for checking numbers.",
    discussion: """
      Example:
        echo '[[4, 1, 3], [2, 0, 5]]' | unit debug assign
      """,
    subcommands: [
      DebugForward.self, DebugGradients.self, DebugPreprocess.self, DebugTokenize.self,
      DebugPixels.self, DebugAssign.self,
    ])
}
