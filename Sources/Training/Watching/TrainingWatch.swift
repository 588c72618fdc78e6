/// What is remembered of a run to tell whether it learns: how losses, terms and diagnostics began and
/// where they are. A part of the checkpoint, so that a resumed run warns as one that was not stopped.
struct TrainingWatch: Codable, Equatable, Sendable {
  /// How often a block of steps is judged.
  static let block = 500

  /// By task and figure: `loss`, its terms, and the diagnostics.
  private(set) var trends: [String: [String: ValueTrend]] = [:]
  /// Steps since the beginning of the block, and how many of them had their gradient clipped.
  private(set) var steps = 0
  private(set) var clipped = 0
  /// Warnings that were given, so that each is given once: `disease` or `disease/task`.
  private(set) var told: [String] = []

  /// The trend of a figure of a task.
  func trend(_ task: String, _ figure: String) -> ValueTrend? { trends[task]?[figure] }

  /// The trends of all figures of a task, by name.
  func figures(of task: String) -> [(name: String, trend: ValueTrend)] {
    (trends[task] ?? [:]).sorted { $0.key < $1.key }.map { (name: $0.key, trend: $0.value) }
  }

  /// Takes in what a batch of a task gave.
  mutating func add(_ values: [(name: String, value: Float)], of task: String) {
    for (name, value) in values where value.isFinite {
      trends[task, default: [:]][name, default: ValueTrend()].add(Double(value))
    }
  }

  /// Takes in whether a step's gradient was clipped, and tells how many of a block's steps were once
  /// the block is full.
  mutating func addStep(isClipped: Bool) -> Int? {
    steps += 1
    if isClipped { clipped += 1 }
    guard steps == Self.block else { return nil }
    defer { (steps, clipped) = (0, 0) }
    return clipped
  }

  /// Whether a warning is new; from now on it is not.
  mutating func isNew(_ warning: TrainingWarning) -> Bool {
    let name = warning.name + (warning.task.map { "/" + $0 } ?? "")
    guard !told.contains(name) else { return false }
    told.append(name)
    return true
  }
}
