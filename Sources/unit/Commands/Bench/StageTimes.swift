import Tensors

/// The stages of runs that all go through the same stages.
struct StageTimes {
  /// One stage over all runs.
  struct Entry {
    /// The stage's name; `rest` for what is in none.
    let name: String
    /// Median milliseconds of a run.
    let median: Double
    /// Multiply-adds of one run.
    let operations: Int
  }

  private var runs: [[Profile.Share]] = []
  private var times: [Double] = []
  /// Milliseconds of processors of the run that had the fewest.
  private(set) var leastWork = Double.infinity

  /// The runs' milliseconds, shortest first.
  var sorted: [Double] { times.sorted() }

  /// Multiply-adds of one run.
  var operations: Int { runs.first?.reduce(0) { $0 + $1.operations } ?? 0 }

  /// Runs once and notes how long it took, in all and by stages.
  mutating func measure(_ run: () throws -> Void) rethrows {
    let profile = Profile()
    let work = try processorMilliseconds {
      times.append(
        try ContinuousClock().measure { try profile.recording(run) }.milliseconds)
    }
    leastWork = min(leastWork, work)
    runs.append(profile.shares)
  }

  /// The stages in the order of the first run, and what remains of the runs.
  var entries: [Entry] {
    let stages = (runs.first ?? []).filter { $0.stage != nil }
    let known = stages.map { share in
      Entry(
        name: share.stage!.rawValue,
        median: median(runs.map { Self.milliseconds($0) { $0.stage == share.stage } }),
        operations: share.operations)
    }
    let rest = zip(times, runs).map { time, run in
      time - Self.milliseconds(run) { $0.stage != nil }
    }
    let counted = runs.first?.first { $0.stage == nil }?.operations ?? 0
    return known + [Entry(name: "rest", median: max(0, median(rest)), operations: counted)]
  }

  private static func milliseconds(
    _ run: [Profile.Share], where fits: (Profile.Share) -> Bool
  ) -> Double {
    run.filter(fits).reduce(0) { $0 + $1.duration.milliseconds }
  }
}

/// The middle of some numbers, at least one.
func median(_ numbers: [Double]) -> Double {
  let sorted = numbers.sorted()
  let upper = sorted[sorted.count / 2]
  return sorted.count % 2 == 1 ? upper : (sorted[sorted.count / 2 - 1] + upper) / 2
}

extension Duration {
  /// The time in thousandths of a second.
  var milliseconds: Double {
    let parts = components
    return Double(parts.seconds) * 1e3 + Double(parts.attoseconds) * 1e-15
  }
}
