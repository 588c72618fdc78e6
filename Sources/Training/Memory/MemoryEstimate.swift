import Foundation
import Tensors

/// How much memory a training will take, told before it begins.
///
/// What the optimiser keeps is known from the parameters: the weights, their gradients, two moments
/// (AdamW), the average and the copy to which a run returns. What a forward and a backward pass need
/// on top of that is measured with the first batch of each task.
public struct MemoryEstimate: Sendable, Equatable {
  /// Bytes of weights, gradients, moments, average and the copy at the beginning.
  public let kept: Int
  /// Bytes that a pass of the most demanding task needs at its peak, gradients not counted again;
  /// nil where it was not measured.
  public let pass: Int?
  /// That task.
  public let task: String?
  /// Bytes that the program had before.
  public let present: Int
  /// Bytes that the machine can still give.
  public let available: Int?

  /// An estimate.
  public init(kept: Int, pass: Int?, task: String?, present: Int, available: Int?) {
    self.kept = kept
    self.pass = pass
    self.task = task
    self.present = present
    self.available = available
  }

  /// Bytes that will be taken in all.
  public var total: Int { present + kept + (pass ?? 0) }

  /// Whether more is needed than there is.
  public var exceeds: Bool { available.map { kept + (pass ?? 0) > $0 } ?? false }

  /// The estimate in one line.
  public var line: String {
    var parts = ["optimiser \(Self.worded(kept))"]
    if let pass, let task { parts.append("pass of task '\(task)' \(Self.worded(pass))") }
    parts.append("program and data \(Self.worded(present))")
    let rest = available.map { ", \(Self.worded($0)) are free" } ?? ""
    return "memory: about \(Self.worded(total)) (\(parts.joined(separator: ", ")))\(rest)"
  }

  /// What to do where more is needed than there is, or nil.
  public var warning: String? {
    guard exceeds else { return nil }
    return "warning: this is more memory than the machine has free; lower the batch of "
      + (task.map { "'\($0)'" } ?? "the tasks")
      + " and raise 'accumulate' by as much, leave out 'ema', or choose a smaller model"
  }

  private static func worded(_ bytes: Int) -> String {
    bytes >= 1 << 30
      ? String(format: "%.1f GiB", Double(bytes) / 0x1p30)
      : String(format: "%.0f MiB", Double(bytes) / 0x1p20)
  }
}

extension Trainer {
  /// Estimates the memory of a run before it begins. Nothing random is used up: batches and dropout
  /// are functions of their numbers, so the run's bits stay as they are.
  public func memoryEstimate() throws -> MemoryEstimate {
    let parameters = optimizer.parameters
    let learnt = parameters.filter(\.isTrainable).reduce(0) { $0 + $1.value.count }
    // Gradients, two moments, and the copy at the beginning, which the first checkpoint replaces.
    let copies = 4 + (average == nil ? 0 : 1) + (plan.batchesPerStep > 1 ? 1 : 0)
    let kept = MemoryLayout<Float>.size * learnt * copies
    let present = ProcessMemory.resident
    let available = ProcessMemory.available
    // A pass that cannot succeed is not tried.
    guard available.map({ kept < $0 }) ?? true else {
      return MemoryEstimate(
        kept: kept, pass: nil, task: nil, present: present, available: available)
    }
    var worst: (bytes: Int, task: String)?
    for task in plan.schedule.members {
      let name = recipe.tasks[task].task
      let bytes = try passMemory(task) - MemoryLayout<Float>.size * learnt
      if worst == nil || bytes > worst!.bytes { worst = (bytes, name) }
    }
    return MemoryEstimate(
      kept: kept, pass: worst.map { max(0, $0.bytes) }, task: worst?.task, present: present,
      available: available)
  }

  /// Bytes by which the program grows at the peak of a forward and a backward pass.
  private func passMemory(_ task: Int) throws -> Int {
    let batch = try sources[task].batch(0)
    let before = ProcessMemory.resident
    ProcessMemory.forgetPeak()
    let key = RandomKey(seed: recipe.seed).folding("memory")
    _ = try withGradients(dropoutKey: key) {
      try model.loss(of: batch, task: recipe.tasks[task].task).loss
    }
    return max(0, ProcessMemory.peak - before)
  }
}
