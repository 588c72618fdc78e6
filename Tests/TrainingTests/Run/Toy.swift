import Foundation
import Synchronization
import Support
import Tensors
import Training

/// A small network with a shared layer and a head for each of two tasks, and made-up samples.
struct Toy: TrainableModel {
  struct Batch: Sendable, NamedBatch {
    let x: Tensor
    let y: Tensor
    var names: [String] { (0..<x.shape[0]).map { "sample \(x.elements[6 * $0])" } }
  }

  let parameters: [Parameter]
  var poisonedStep: Int?
  /// Whether a poisoned batch is healthy again at half the learning rate: it is poisoned where the
  /// weights are those that it had.
  var recovers = false
  var diagnostics: [(name: String, value: Float)] = []
  private let dropout: Float
  private let calls = Counter()

  init(seed: UInt64 = 5, poisonedStep: Int? = nil, dropout: Float = 0.1) {
    func weights(_ name: String, _ shape: Shape) -> Parameter {
      Parameter(name, .normal(shape, standardDeviation: 0.4, key: .init(seed: seed).folding(name)))
    }
    parameters = [
      weights("shared.weight", [16, 6]), weights("shared.bias", [16]),
      weights("left.weight", [3, 16]), weights("left.bias", [3]),
      weights("right.weight", [3, 16]), weights("right.bias", [3]),
    ]
    self.poisonedStep = poisonedStep
    self.dropout = dropout
  }

  func loss(of batch: Batch, task: String) throws -> TaskLoss {
    let head = task == "left" ? 2 : 4
    let hidden = linear(
      batch.x, weight: parameters[0].tensor, bias: parameters[1].tensor
    ).relu().dropout(dropout)
    let y = linear(
      hidden, weight: parameters[head].tensor, bias: parameters[head + 1].tensor)
    let difference = y - batch.y
    var loss = (difference * difference).mean()
    calls.count += 1
    if calls.count == poisonedStep { calls.poison = poison(batch) }
    // A bad sample is bad again when the run comes back to it.
    if let poison = calls.poison, poison == self.poison(batch) { loss = loss * Float.nan }
    return TaskLoss(loss: loss, terms: [("square", loss)], diagnostics: diagnostics)
  }

  private func poison(_ batch: Batch) -> [Float] {
    batch.x.elements + (recovers ? parameters[0].value.elements : [])
  }

  static func source(
    _ task: String, seed: UInt64, fingerprint: String = "toy", batch: Int = 5
  ) throws -> ShuffledBatches<(Tensor, Tensor), Batch> {
    try ShuffledBatches(
      task: task, seed: seed, sampleCount: 23, batchSize: batch, fingerprint: fingerprint,
      load: { index, key in
        let x = Tensor.normal([6], key: RandomKey(seed: 99).folding(UInt64(index)))
        let noise = Tensor.normal([6], standardDeviation: 0.1, key: key)
        let sign: Float = task == "left" ? 1 : -1
        return (x + noise, x.sliced(axis: 0, range: 0..<3) * sign)
      },
      collate: { samples in
        Batch(x: stacked(samples.map(\.0)), y: stacked(samples.map(\.1)))
      })
  }

  static func recipe(_ overrides: [String] = []) throws -> Recipe {
    try Recipe(
      parsing: """
        seed: 3
        model: {toy: true}
        tasks:
          - {task: left, ratio: 2, batch: 5, dataset: {kind: toy, path: left}}
          - {task: right, ratio: 1, batch: 5, dataset: {kind: toy, path: right}, loss_weight: 0.5}
        steps: 40
        optimizer: {lr: 0.02, clip: 0.5, groups: [{match: "shared.*", lr: 0.01}]}
        schedule: {warmup: 4}
        ema: {decay: 0.9}
        evaluate_every: 10
        checkpoint_every: 10
        log_every: 1
        """, file: "toy.yaml", folder: "/toy", overrides: overrides)
  }

  static func trainer(
    _ folder: String, resumes: Bool = false, allowsChange: Bool = false, seconds: Double? = nil,
    overrides: [String] = [], fingerprint: String = "toy", model: Toy = Toy(), threads: Int = 1
  ) throws -> Trainer<Toy> {
    let recipe = try recipe(overrides)
    var options = Trainer<Toy>.Options()
    options.isQuiet = true
    options.resumes = resumes
    options.allowsChange = allowsChange
    options.maximumSeconds = seconds
    options.prefetch.threads = threads
    let trainer = try Trainer(
      model, recipe: recipe,
      sources: [
        "left": try source("left", seed: recipe.seed, fingerprint: fingerprint),
        "right": try source("right", seed: recipe.seed),
      ], folder: folder, options: options)
    trainer.evaluate = { _ in
      [("weight", Double(model.parameters[0].value.elements.reduce(0, +))), ("two", 2)]
    }
    trainer.isInterrupted = { false }
    return trainer
  }

  /// Bits of the weights.
  var bits: [[UInt32]] { parameters.map { $0.value.elements.map(\.bitPattern) } }
}

/// Counts calls from one thread.
private final class Counter: @unchecked Sendable {
  var count = 0
  var poison: [Float]?
}

/// A folder for one test, removed at its end.
final class TemporaryFolder {
  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("training-\(UUID().uuidString)").path

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func text(_ name: String) -> String {
    let data = FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(name)")
  }
}

extension Trainer {
  /// Runs while no other test changes the instruction set, on which the bits depend.
  func runUndisturbed() throws -> Outcome { try atOneKernelLevel { try run() } }
}
