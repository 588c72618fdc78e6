import Foundation
import Testing

/// The command line as a whole: help, wrong usage, ends by a pipe or Ctrl-C.
struct LaunchTests {
  @Test func helpStandsOnStandardOutputWithAnExampleBeforeTheOptions() throws {
    let run = try unit("--help")
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    let example = try #require(run.text.range(of: "unit detect street.jpg"))
    let options = try #require(run.text.range(of: "OPTIONS"))
    #expect(example.lowerBound < options.lowerBound)
  }

  @Test(arguments: [
    "detect", "ask", "entail", "read", "evaluate", "inspect", "bench", "doctor", "debug",
    "score", "score detection", "score vqa", "score classification", "debug forward",
    "debug gradients", "debug preprocess", "debug tokenize", "debug pixels", "debug assign",
  ])
  func everyCommandShowsAnExample(command: String) throws {
    let words = command.split(separator: " ").map { Array($0.utf8) }
    let run = try unit(raw: words + [Array("--help".utf8)])
    #expect(run.status == 0)
    let example = try #require(run.text.range(of: "unit \(command)"))
    let usage = try #require(run.text.range(of: "USAGE"))
    #expect(example.lowerBound < usage.lowerBound)
  }

  @Test func versionIsPrinted() throws {
    let run = try unit("--version")
    #expect(run.status == 0)
    #expect(run.text.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test func unknownCommandGetsASuggestion() throws {
    expectFailure(try unit("docter"), 64, saying: "'docter'", "did you mean 'doctor'?")
  }

  @Test func unknownStageGetsASuggestion() throws {
    expectFailure(try unit("debug", "asign"), 64, saying: "'asign'", "did you mean 'assign'?")
  }

  @Test func unknownOptionIsWrongUsage() throws {
    expectFailure(try unit("doctor", "--treads", "1"), 64, saying: "--threads")
  }

  @Test func unknownFormatGetsASuggestion() throws {
    expectFailure(try unit("doctor", "--format", "jsn"), 64, saying: "did you mean 'json'?")
  }

  @Test(arguments: ["0", "-3", "many", "99999999999999999999"])
  func threadsMustBeANumberThatMakesSense(threads: String) throws {
    expectFailure(try unit("doctor", "--threads=\(threads)"), 64, saying: "--threads")
  }

  @Test func argumentsThatAreNotUTF8AreRefused() throws {
    let run = try unit(raw: [Array("inspect".utf8), [0x61, 0xFF, 0xFE]])
    expectFailure(run, 64, saying: "argument 2 is not UTF-8")
  }

  @Test func controlCharactersDoNotReachTheTerminal() throws {
    let run = try unit("inspect", "a\u{1B}[31mb")
    expectFailure(run, 66)
    #expect(!run.errors.contains("\u{1B}"))
  }

  @Test func aFullDiskIsAnError() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let run = try unit(raw: [Array("doctor".utf8)], output: "/dev/full")
    expectFailure(run, 74, saying: "standard output")
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    // The reader must be open for the writer to open, and must be gone before it writes; the
    // command below writes only after it has read its input, which the second pipe holds back.
    let gate = folder.path("gate")
    #expect(mkfifo(gate, 0o600) == 0)
    let reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    let gateKeeper = open(gate, O_RDWR | O_CLOEXEC)
    var process = try Spawn(
      ["debug", "assign"].map { Array($0.utf8) }, input: gate, output: pipe,
      errors: folder.path("errors"))
    // Opening the gate for reading ends only after the output was opened, too.
    while (try? FileManager.default.attributesOfItem(atPath: folder.path("errors"))) == nil {
      usleep(1000)
    }
    close(reader)
    let matrix = Array("[[1]]".utf8)
    #expect(write(gateKeeper, matrix, matrix.count) == matrix.count)
    close(gateKeeper)
    #expect(process.wait().status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("errors"))).isEmpty)
  }

  @Test(arguments: [(SIGINT, 130), (SIGILL, 70), (SIGSEGV, 70)] as [(Int32, Int32)])
  func signalsEndWithTheirCode(signal: Int32, status: Int32) throws {
    let folder = try TemporaryFolder()
    let gate = folder.path("gate")
    #expect(mkfifo(gate, 0o600) == 0)
    let gateKeeper = open(gate, O_RDWR | O_CLOEXEC)
    defer { close(gateKeeper) }
    var process = try Spawn(
      ["debug", "assign", "--verbose"].map { Array($0.utf8) }, input: gate,
      output: folder.path("output"), errors: folder.path("errors"))
    // With --verbose the command says that it waits, which is after the handlers are in place.
    let errors = URL(fileURLWithPath: folder.path("errors"))
    while (try? Data(contentsOf: errors))?.isEmpty ?? true { usleep(1000) }
    kill(process.id, signal)
    #expect(process.wait().status == status)
  }

  @Test func noColourReachesAFile() throws {
    let run = try unit("inspect", "nowhere")
    #expect(!run.errors.contains("\u{1B}"))
  }
}
