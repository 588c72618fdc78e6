import Tensors

/// Which tasks each step trains: a pure function of seed and step, in the ways that PolyViT
/// (Likhosherstov et al. 2021, section 3.2) compares.
public struct TaskSchedule: Sendable {
  /// How tasks follow each other.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Each step draws a task at random by the ratios.
    case ratios
    /// All steps of one task, then all of the next.
    case taskByTask = "task_by_task"
    /// One task after the other, round and round.
    case alternating
    /// Each step draws a task at random, each with the same probability.
    case uniform
    /// Each task has an exact number of steps, in a random order over the whole run.
    case weighted
    /// Each step adds up the gradients of a batch of every task.
    case accumulated
  }

  private enum Order: Sendable {
    case drawn(TaskMixer)
    case counted(bounds: [Int], shuffled: ScatteredOrder?)
    case round
    case together
  }

  /// Tasks that take part, by position in the recipe: those with a share.
  public let members: [Int]
  private let order: Order
  private let taskCount: Int

  /// A schedule.
  ///
  /// - Parameters:
  ///   - kind: how tasks follow each other.
  ///   - ratios: each task's share; a task with the ratio 0 is never trained.
  ///   - counts: steps of each task where they are exact; nil for the ratios' parts of `steps`.
  ///   - steps: steps of the run.
  public init(
    _ kind: Kind, seed: UInt64, ratios: [Double], counts: [Int]? = nil, steps: Int
  ) {
    taskCount = ratios.count
    let counts = counts ?? Self.counts(ratios: ratios, steps: steps)
    switch kind {
    case .weighted, .taskByTask: members = counts.indices.filter { counts[$0] > 0 }
    default: members = ratios.indices.filter { ratios[$0] > 0 }
    }
    switch kind {
    case .ratios: order = .drawn(TaskMixer(seed: seed, ratios: ratios))
    case .uniform:
      order = .drawn(TaskMixer(seed: seed, ratios: ratios.map { $0 > 0 ? 1 : 0 }))
    case .alternating: order = .round
    case .accumulated: order = .together
    case .taskByTask: order = .counted(bounds: Self.bounds(counts), shuffled: nil)
    case .weighted:
      let key = RandomKey(seed: seed).folding("tasks").folding("weighted")
      order = .counted(
        bounds: Self.bounds(counts),
        shuffled: ScatteredOrder(count: max(1, counts.reduce(0, +)), key: key))
    }
  }

  /// Tasks of one step, the same number in all steps.
  public var tasksPerStep: Int {
    if case .together = order { members.count } else { 1 }
  }

  /// Positions of the tasks that step `step`, counted from 0, trains.
  public func tasks(at step: Int) -> [Int] {
    switch order {
    case .together: return members
    case .round: return [members[step % members.count]]
    case .drawn(let mixer): return [mixer.task(at: step)]
    case .counted(let bounds, let shuffled):
      // Steps beyond the counted ones, of a run that was made longer, begin the order again.
      let place = step % max(1, bounds.last!)
      let number = shuffled?[place] ?? place
      return [bounds.firstIndex { number < $0 }!]
    }
  }

  /// How often each task was trained in the steps before `step`.
  public func counts(before step: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: taskCount)
    if case .together = order {
      for task in members { counts[task] = step }
      return counts
    }
    for earlier in 0..<step { counts[tasks(at: earlier)[0]] += 1 }
    return counts
  }

  /// Whole numbers of steps in proportion to ratios, which add up to `steps`: the largest
  /// remainders are rounded up, earlier tasks first where they are equal.
  public static func counts(ratios: [Double], steps: Int) -> [Int] {
    let sum = ratios.reduce(0, +)
    let exact = ratios.map { $0 / sum * Double(steps) }
    var counts = exact.map { Int($0.rounded(.down)) }
    let byRemainder = ratios.indices.filter { ratios[$0] > 0 }.sorted { a, b in
      let (left, right) = (exact[a] - Double(counts[a]), exact[b] - Double(counts[b]))
      return left == right ? a < b : left > right
    }
    let missing = max(0, steps - counts.reduce(0, +))
    for place in 0..<missing { counts[byRemainder[place % byRemainder.count]] += 1 }
    return counts
  }

  private static func bounds(_ counts: [Int]) -> [Int] {
    var total = 0
    return counts.map { count in
      total += count
      return total
    }
  }
}
