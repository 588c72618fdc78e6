import Foundation
import Testing

/// `--threads`, and how many there are without it.
struct ThreadsTests {
  @Test(arguments: [
    "detect", "ask", "entail", "read", "classify", "train", "evaluate", "score detection",
    "score vqa", "score classification", "convert", "inspect", "bench", "doctor",
    "debug forward", "debug gradients", "debug preprocess", "debug pixels", "debug assign",
  ])
  func everyCommandThatComputesTakesThem(_ command: String) throws {
    let words = command.split(separator: " ").map { Array($0.utf8) }
    let run = try unit(raw: words + [Array("--help".utf8)])
    #expect(run.status == 0)
    #expect(run.text.contains("--threads <threads>"), "\(command)")
  }

  private static let taskset = "/usr/bin/taskset"

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: taskset)))
  func oneProcessorMeansOneThread() throws {
    // The first processor that the tests themselves may use.
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(
      status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
    let first = line.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)
      .prefix(while: \.isNumber)
    let run = try unit(
      "-c", String(first), Spawn.executable, "doctor", "--format", "json",
      executable: Self.taskset)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains(#""cores":1,"#), "\(run.text)")
    #expect(run.text.contains(#""threads":1,"#), "\(run.text)")
  }

  @Test func theNumberOfThreadsDoesNotChangeTheAnswer() throws {
    let model = try TinyModel()
    let folder = try TemporaryFolder()
    let picture = try folder.file("a.png", PictureSamples.png)
    let runs = try ["1", "2", "7"].map {
      try unit(
        "detect", picture, "--model", model.path, "--threshold", "0", "--format", "json",
        "--threads", $0)
    }
    #expect(runs.allSatisfy { $0.status == 0 })
    #expect(Set(runs.map(\.text)).count == 1)
  }
}
