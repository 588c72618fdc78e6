import Foundation

/// How the learning rate changes over the steps: a factor on every group's own rate.
public struct Schedule: Sendable, Equatable {
  /// What follows the warm-up.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Half a cosine wave from 1 down to 0.
    case cosine
    /// 1 all the way.
    case constant
  }

  /// What follows the warm-up.
  public var kind: Kind
  /// Steps over which the factor rises linearly from `1 / warmup` to 1.
  public var warmup: Int
  /// Steps in all; the cosine reaches 0 after the last of them.
  public var steps: Int

  /// A schedule of `steps` steps, of which the first `warmup` warm up.
  public init(_ kind: Kind, warmup: Int, steps: Int) {
    self.kind = kind
    self.warmup = warmup
    self.steps = steps
  }

  /// The factor of a step, counted from 0.
  ///
  /// Unlike schedulers that start from a rate of 0, the first step already learns.
  public func factor(at step: Int) -> Double {
    if step < warmup { return Double(step + 1) / Double(warmup) }
    switch kind {
    case .constant: return 1
    case .cosine:
      let progress = Double(step - warmup) / Double(max(1, steps - warmup))
      return 0.5 * (1 + cos(.pi * min(1, progress)))
    }
  }
}
