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
  /// The stages of a run, in the order of the run.
  let stages: [StageTimes.Entry]
  /// Multiply-adds of a run.
  let operations: Int
  /// Largest resident memory of the runs, in bytes.
  let peakMemory: Int
  /// What the machine can do at most, in 10^9 floating-point operations a second.
  let peak: Double?
  /// The least work of a run as a multiple of the reference product's; nil where it was not
  /// measured.
  let toReference: Double?

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

  private static let percentiles = [50.0, 90, 95, 99]

  /// 10^9 operations a second, two for each multiply-add.
  private static func gigaflops(_ operations: Int, milliseconds: Double) -> Double {
    milliseconds > 0 ? 2 * Double(operations) / milliseconds / 1e6 : 0
  }

  private var gigaflops: Double {
    Self.gigaflops(operations, milliseconds: percentile(50))
  }

  /// The report for people.
  var text: String {
    func line(_ name: String, _ value: String) -> String {
      name.padding(toLength: 16, withPad: " ", startingAt: 0) + value + "\n"
    }
    var text = subject + "\n"
    text += line("threads", "\(threads)")
    text += line("runs", "\(times.count)")
    text += line("loading", "\(loading.decimals(1)) ms")
    for percent in Self.percentiles {
      text += line("p\(Int(percent))", "\(percentile(percent).decimals(2)) ms")
    }
    text += line("least", "\(times[0].decimals(2)) ms")
    text += line("peak memory", "\((Double(peakMemory) / 1e6).decimals(1)) MB")
    text += line("operations", "\((2 * Double(operations) / 1e9).decimals(3)) G")
    text += line("speed", speed)
    if let toReference {
      text += line("to OpenBLAS", "\(toReference.decimals(3)), least work by least work")
    }
    for stage in stages {
      let rate = Self.gigaflops(stage.operations, milliseconds: stage.median)
      let arithmetic = stage.operations == 0 ? "" : "  \(rate.decimals(1)) GFLOP/s"
      text += line(stage.name, "\(stage.median.decimals(2)) ms\(arithmetic)")
    }
    return text
  }

  private var speed: String {
    let reached = "\(gigaflops.decimals(1)) GFLOP/s"
    guard let peak else { return reached }
    let share = (100 * gigaflops / peak).decimals(0)
    return "\(reached), \(share) % of the peak of \(peak.decimals(0))"
  }

  /// The report for scripts.
  var json: JSONText {
    func field(_ name: String, _ value: Double) -> JSONText.Field {
      .init(name: name, value: .double(value))
    }
    let latency = Self.percentiles.map { field("p\(Int($0))", percentile($0)) }
    return [
      "schema": 1, "subject": .string(subject), "threads": .integer(threads),
      "runs": .integer(times.count), "loading_ms": .double(loading),
      "latency_ms": .object(latency + [field("least", times[0])]),
      "stages_ms": .object(stages.map { field($0.name, $0.median) }),
      "multiply_adds": .integer(operations),
      "stage_multiply_adds": .object(
        stages.map { .init(name: $0.name, value: .integer($0.operations)) }),
      "gflops": .double(gigaflops), "peak_gflops": peak.map(JSONText.double) ?? .null,
      "share_of_peak": peak.map { .double(gigaflops / $0) } ?? .null,
      "to_openblas": toReference.map(JSONText.double) ?? .null,
      "peak_memory_bytes": .integer(peakMemory),
    ]
  }
}
