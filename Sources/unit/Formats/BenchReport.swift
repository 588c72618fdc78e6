import Foundation

/// What a benchmark measured.
struct BenchReport {
  /// What was measured.
  let subject: String
  /// Number of threads.
  let threads: Int
  /// Milliseconds until the first run could begin.
  let loading: Double
  /// Milliseconds of each run, shortest first.
  let times: [Double]
  /// Median milliseconds of each stage of a run, in the order of the run.
  let stages: [(name: String, median: Double)]

  /// The time that `percent` of the runs did not exceed.
  func percentile(_ percent: Double) -> Double {
    times[max(0, Int((Double(times.count) * percent / 100).rounded(.up)) - 1)]
  }

  /// Largest resident memory of this process so far, in bytes.
  ///
  /// Where the system tells it: `ru_maxrss` begins at the size of the process that started this one.
  static var peakMemory: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    if let kibibytes = line.flatMap({ Int($0.filter(\.isNumber)) }) { return kibibytes * 1024 }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) * 1024
  }

  /// The report for people.
  var text: String {
    let table = stages.map { stage in
      stage.name.padding(toLength: 16, withPad: " ", startingAt: 0)
        + "\(stage.median.decimals(2)) ms\n"
    }
    return """
      \(subject)
      threads         \(threads)
      runs            \(times.count)
      loading         \(loading.decimals(1)) ms
      p50             \(percentile(50).decimals(2)) ms
      p90             \(percentile(90).decimals(2)) ms
      p99             \(percentile(99).decimals(2)) ms
      least           \(times[0].decimals(2)) ms
      peak memory     \((Double(Self.peakMemory) / 1e6).decimals(1)) MB
      \(table.joined())
      """
  }

  /// The report for scripts.
  var json: JSONText {
    [
      "schema": 1, "subject": .string(subject), "threads": .integer(threads),
      "runs": .integer(times.count), "loading_ms": .double(loading),
      "latency_ms": [
        "p50": .double(percentile(50)), "p90": .double(percentile(90)),
        "p99": .double(percentile(99)), "least": .double(times[0]),
      ],
      "stages_ms": .object(stages.map { .init(name: $0.name, value: .double($0.median)) }),
      "peak_memory_bytes": .integer(Self.peakMemory),
    ]
  }
}
