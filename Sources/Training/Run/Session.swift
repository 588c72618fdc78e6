import Tensors

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
  /// Whether the latest evaluation was good enough to end the run.
  var isSatisfied = false
  /// How often the run went back because of numbers that were not finite.
  var rollbacks = 0
  /// The weights at the beginning, while the run has nothing else to return to.
  var initial: [Tensor]?
  /// The checkpoint to return to.
  var anchor: String?
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
