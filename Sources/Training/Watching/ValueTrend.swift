/// How a figure of a task began and where it is now.
struct ValueTrend: Codable, Equatable, Sendable {
  /// Values that make up the beginning.
  static let opening = 20
  /// Share of the old mean that each further value leaves: the last fifty values count.
  private static let decay = 0.98

  /// Values so far.
  private(set) var count = 0
  /// Mean of the first values.
  private(set) var first = 0.0
  /// Running mean of the latest values.
  private(set) var recent = 0.0
  /// The smallest running mean so far.
  private(set) var lowest = 0.0

  /// Takes in a value.
  mutating func add(_ value: Double) {
    count += 1
    if count <= Self.opening {
      first += (value - first) / Double(count)
      recent = first
      lowest = first
    } else {
      recent = Self.decay * recent + (1 - Self.decay) * value
      lowest = min(lowest, recent)
    }
  }
}
