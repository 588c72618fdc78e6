import Tensors

/// Which task each step trains: a pure function of seed, step and ratios.
public struct TaskMixer: Sendable {
  private let key: RandomKey
  /// Upper end of each task's part of `0..<1`.
  private let bounds: [Double]

  /// A mixture of tasks; a ratio counts relative to the sum of all.
  public init(seed: UInt64, ratios: [Double]) {
    let sum = ratios.reduce(0, +)
    precondition(
      sum > 0 && sum.isFinite && ratios.allSatisfy { $0 >= 0 },
      "no mixture has the ratios \(ratios)")
    key = RandomKey(seed: seed).folding("tasks")
    var total = 0.0
    bounds = ratios.map { ratio in
      total += ratio
      return total / sum
    }
  }

  /// Position of the task that step `step`, counted from 0, trains.
  public func task(at step: Int) -> Int {
    let number = Double(key.word(at: UInt64(step)) >> 11) * 0x1p-53
    // The last bound may fall short of 1 by a rounding; then the last task with a share counts.
    return bounds.firstIndex { number < $0 } ?? bounds.firstIndex(of: bounds.last!)!
  }

  /// How often each task was trained in the steps before `step`.
  public func counts(before step: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: bounds.count)
    for earlier in 0..<step { counts[task(at: earlier)] += 1 }
    return counts
  }
}
