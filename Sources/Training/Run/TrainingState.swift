import Foundation

/// What a checkpoint knows besides its tensors: the content of `state.json`.
struct TrainingState: Codable, Equatable {
  /// A metric's value and where it was reached.
  struct Best: Codable, Equatable {
    var metric: String
    var value: Double
    var step: Int
  }

  /// A file of the checkpoint.
  struct File: Codable, Equatable {
    var bytes: Int
    var checksum: String
  }

  /// Version of this layout.
  var format = 1
  /// Steps done.
  var step: Int
  /// Seed of the run.
  var seed: UInt64
  /// Seconds of training so far, over all sessions.
  var elapsed: Double
  /// Fingerprints of what must not change between sessions: recipe, model, data of each task.
  var fingerprints: [String: String]
  /// Steps that AdamW took with each parameter; absent ones took none.
  var parameterSteps: [String: Int]
  /// Updates of the weight average, or nil without one.
  var averageUpdates: Int?
  /// The best evaluation so far.
  var best: Best?
  /// Evaluations since the best one; nil for none.
  var staleEvaluations: Int?
  /// Whether the latest evaluation was good enough to end the run; nil for no.
  var isSatisfied: Bool?
  /// How often the run went back and halved its learning rate; nil for never.
  var rollbacks: Int?
  /// What the warnings have to go by; absent in checkpoints of older versions.
  var watch: TrainingWatch?
  /// Files of the checkpoint by name.
  var files: [String: File] = [:]

  /// The state with a checksum of itself.
  private struct Sealed: Codable {
    var checksum: String
    var state: TrainingState
  }

  /// The state as JSON with a checksum of itself.
  func sealed() throws -> Data {
    let checksum = Checksum.of(try TrainingState.encoder.encode(self))
    return try TrainingState.encoder.encode(Sealed(checksum: checksum, state: self))
  }

  /// Opens what `sealed` wrote, or tells why it is damaged.
  static func opening(_ data: Data, path: String) throws -> TrainingState {
    guard let sealed = try? JSONDecoder().decode(Sealed.self, from: data) else {
      throw TrainingError.damagedCheckpoint(path: path, reason: "state.json is not complete")
    }
    guard Checksum.of(try encoder.encode(sealed.state)) == sealed.checksum else {
      throw TrainingError.damagedCheckpoint(path: path, reason: "state.json has a wrong checksum")
    }
    guard sealed.state.format == 1, sealed.state.step >= 0 else {
      throw TrainingError.damagedCheckpoint(
        path: path, reason: "state.json has format \(sealed.state.format), expected 1")
    }
    return sealed.state
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return encoder
  }
}
