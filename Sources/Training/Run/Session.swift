/// Counters of a run and the clock of this session.
struct Session {
  /// Steps done, over all sessions.
  var step = 0
  /// Steps done before this session.
  var firstStep = 0
  /// Step of the newest checkpoint.
  var savedStep: Int?
  /// Step of the newest evaluation.
  var evaluatedStep: Int?
  /// Evaluations since the best one.
  var staleEvaluations = 0
  /// Seconds of the sessions before this one.
  var earlier = 0.0
  private let start = ContinuousClock.now

  /// Seconds since this session began.
  var seconds: Double {
    let passed = start.duration(to: .now).components
    return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
  }

  /// Seconds of all sessions.
  var elapsed: Double { earlier + seconds }
}
