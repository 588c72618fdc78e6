import Foundation
import Support
import Testing

/// One run of the built executable, as a user starts it.
struct Execution {
  /// The exit code; nil if a signal ended the process.
  let status: Int32?
  /// What came on standard output.
  let output: [UInt8]
  /// What came on standard error.
  let errors: String
  /// Processor time of the run in seconds: unlike the time on the clock it does not grow when the
  /// machine is busy with other tests.
  let seconds: Double
  /// Largest resident memory in bytes.
  let peakMemory: Int

  /// Standard output as text.
  var text: String { String(decoding: output, as: UTF8.self) }
}

/// Starts `unit` with the given arguments and waits for its end.
///
/// - Parameters:
///   - input: what it finds on standard input.
///   - environment: variables in addition to the ordinary ones.
///   - executable: another copy of the program.
func unit(
  _ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:],
  executable: String = Spawn.executable
) throws -> Execution {
  try unit(
    raw: arguments.map { Array($0.utf8) }, input: input, environment: environment,
    executable: executable)
}

/// Starts `unit` with arguments that need not be text.
func unit(
  raw arguments: [[UInt8]], input: [UInt8] = [], environment: [String: String] = [:],
  output: String? = nil, executable: String = Spawn.executable
) throws -> Execution {
  let folder = try TemporaryFolder()
  let inputFile = try folder.file("input", input)
  let outputFile = output ?? folder.path("output")
  let errorFile = folder.path("errors")
  var process = try Spawn(
    arguments, input: inputFile, output: outputFile, errors: errorFile, environment: environment,
    executable: executable)
  let (status, usage, peakMemory) = process.wait()
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
  return Execution(
    status: status,
    output: output == nil ? [UInt8](try Data(contentsOf: URL(fileURLWithPath: outputFile))) : [],
    errors: String(
      decoding: try Data(contentsOf: URL(fileURLWithPath: errorFile)), as: UTF8.self),
    seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
    peakMemory: peakMemory)
}

/// A running process.
struct Spawn {
  let id: pid_t

  /// Starts the executable that lies beside the tests.
  init(
    _ arguments: [[UInt8]], input: String, output: String, errors: String,
    environment: [String: String] = [:], executable: String = Spawn.executable
  ) throws {
    var variables = ProcessInfo.processInfo.environment
    variables["UNIT_MODEL"] = nil
    variables.merge(environment) { $1 }
    var argv = ([Array(executable.utf8)] + arguments).map { bytes -> UnsafeMutablePointer<CChar>? in
      (bytes + [0]).withUnsafeBufferPointer {
        $0.withMemoryRebound(to: CChar.self) { strdup($0.baseAddress!) }
      }
    }
    var envp = variables.map { strdup("\($0.key)=\($0.value)") }
    argv.append(nil)
    envp.append(nil)
    defer { (argv + envp).forEach { free($0) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, flags, 0o600)
    // The threads of a test run block signals, and a child would inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var id = pid_t()
    var code = ETXTBSY
    // A copy that was just written counts as open for writing as long as a process that another
    // test is starting at this moment has not let go of it.
    while code == ETXTBSY {
      code = posix_spawn(&id, executable, &actions, &attributes, argv, envp)
      if code == ETXTBSY { usleep(1000) }
    }
    try #require(code == 0, "\(executable) does not start: \(String(cString: strerror(code)))")
    self.id = id
  }

  /// Waits for the end.
  ///
  /// - Returns: the exit code, what the run used, and its largest resident memory in bytes. The
  ///   memory is read while the process runs: `ru_maxrss` begins at the size of the process that
  ///   started it, here that of all tests.
  mutating func wait() -> (status: Int32?, usage: rusage, peakMemory: Int) {
    var status: Int32 = 0
    var usage = rusage()
    var peak = 0
    while true {
      let ended = wait4(id, &status, WNOHANG, &usage)
      if ended == id || (ended < 0 && errno != EINTR) { break }
      peak = max(peak, residentPeak)
      usleep(1000)
    }
    return (status & 0x7F == 0 ? (status >> 8) & 0xFF : nil, usage, peak)
  }

  /// The largest resident memory of the running process so far; 0 once it has ended.
  private var residentPeak: Int {
    let text = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) * 1024
  }

  /// The executable that was built with the tests.
  static let executable: String = {
    let tests =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("unit")
      .path
  }()
}

typealias TemporaryFolder = Support.TemporaryFolder

/// Checks that a run ended with the code and said why in one or two lines, and that it took neither
/// a second of the processor nor 300 MB.
func expectFailure(
  _ run: Execution, _ status: Int32, saying words: String...,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
  let lines = run.errors.split(separator: "\n")
  #expect((1...2).contains(lines.count), "\(run.errors)", sourceLocation: sourceLocation)
  for word in words {
    #expect(run.errors.contains(word), "\(run.errors)", sourceLocation: sourceLocation)
  }
  #expect(run.text.isEmpty, "\(run.text.prefix(200))", sourceLocation: sourceLocation)
  #expect(run.seconds < 1, sourceLocation: sourceLocation)
  #expect(run.peakMemory < 300 << 20, sourceLocation: sourceLocation)
}
