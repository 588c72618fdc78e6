import Checkpoints
import Foundation

/// A loss, a gradient or weights that are not finite numbers, and what led there.
struct NumericFault: Error {
  /// What is not finite: `loss`, `gradient` or `weights`.
  let what: String
  /// The step, counted from 1.
  let step: Int
  /// The task, or the tasks.
  let task: String
  /// Loss and terms of the step; empty for weights.
  let terms: [(name: String, value: Float)]
  /// The samples of the step's batches, where the batches can tell.
  let samples: [String]
  /// The general learning rate of the step.
  let rate: Double

  /// Loss and terms in one line.
  var words: String { terms.map { "\($0.name) \($0.value)" }.joined(separator: ", ") }

  /// The content of `nan.json`: a whole object, numbers that are not finite as texts.
  private struct Document: Encodable {
    let schema = 1
    let what: String
    let step: Int
    let task: String
    let terms: [String: Float]
    let samples: [String]
    let learning_rate: Double
    let rollbacks: Int
  }

  /// Writes what is known to a file, so that the samples can be looked at.
  ///
  /// - Parameter rollbacks: how often the run had gone back before.
  func write(to path: String, rollbacks: Int) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let document = Document(
      what: what, step: step, task: task, terms: Dictionary(terms) { first, _ in first },
      samples: samples, learning_rate: rate, rollbacks: rollbacks)
    try writeAtomically(try encoder.encode(document), to: path)
  }
}
