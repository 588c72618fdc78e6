import Synchronization

/// A part of an answer that a profile tells apart.
public enum Stage: String, Sendable, CaseIterable {
  /// From the bytes of a file to pixels; of a large JPEG, to those of the network's size.
  case decode
  /// From pixels to the network's input.
  case resize
  /// The convolutional network, or the embedding of patches.
  case backbone
  /// The Transformer encoder over a picture, or over picture and text together.
  case encoder
  /// The text encoder, or the embedding of words.
  case text
  /// The decoder with its queries.
  case decoder
  /// What turns states into an answer or a loss.
  case head
  /// The gradients of a training step.
  case backward
  /// The change of the weights.
  case optimizer
}

/// How long the stages of an answer take and how many multiply-adds they are worth.
///
/// It is filled only by what runs inside `recording`; otherwise an operation looks whether there
/// is a profile, and that is all. Multiply-adds are counted from the shapes, as a direct
/// computation would need them, whatever algorithm runs.
public final class Profile: Sendable {
  @TaskLocal private static var current: Profile?

  /// What one stage was, summed over the times that it ran.
  public struct Share: Sendable, Equatable {
    /// The stage; nil for all that is in none.
    public let stage: Stage?
    /// Time on the clock; zero for what is in no stage.
    public internal(set) var duration: Duration
    /// Multiply-adds of products of matrices, convolutions and attention.
    public internal(set) var operations: Int
  }

  private struct State {
    var shares: [Share] = []
    var stage: Stage?

    mutating func change(_ stage: Stage?, _ body: (inout Share) -> Void) {
      if let index = shares.firstIndex(where: { $0.stage == stage }) {
        body(&shares[index])
      } else {
        shares.append(Share(stage: stage, duration: .zero, operations: 0))
        body(&shares[shares.count - 1])
      }
    }
  }

  private let state = Mutex(State())

  /// An empty profile.
  public init() {}

  /// The stages in the order in which they first ran, or counted.
  public var shares: [Share] { state.withLock { $0.shares } }

  /// Multiply-adds of all stages.
  public var operations: Int { shares.reduce(0) { $0 + $1.operations } }

  /// Runs `body` with this profile in force, on this thread.
  public func recording<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$current.withValue(self, operation: body)
  }

  /// Counts an operation's multiply-adds where a profile is in force. Operations call it on the
  /// thread that calls them, before they share out their work.
  static func count(_ operations: Int) {
    current?.state.withLock { state in
      state.change(state.stage) { $0.operations += operations }
    }
  }

  /// See `stage`.
  fileprivate static func measure<Result>(
    _ stage: Stage, _ body: () throws -> Result
  ) rethrows -> Result {
    guard let profile = current else { return try body() }
    let outer = profile.state.withLock { state in
      defer { state.stage = stage }
      return state.stage
    }
    let start = ContinuousClock.now
    defer {
      let passed = start.duration(to: .now)
      profile.state.withLock { state in
        state.stage = outer
        state.change(stage) { $0.duration += passed }
        // What is inside another stage is told apart from it.
        if let outer { state.change(outer) { $0.duration -= passed } }
      }
    }
    return try body()
  }
}

/// Runs `body` as one stage of an answer, for the profile that may be in force.
public func stage<Result>(_ stage: Stage, _ body: () throws -> Result) rethrows -> Result {
  try Profile.measure(stage, body)
}
