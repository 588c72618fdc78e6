import Foundation

/// Where an axis has its marks, and what stands at them.
struct AxisTicks {
  /// The ends of the axis.
  let range: ClosedRange<Double>
  /// Whether equal lengths are equal factors.
  let isLogarithmic: Bool
  /// The marked values.
  let values: [Double]

  /// An axis of about `count` round marks on which all of `data` lies.
  ///
  /// - Parameter growsToMarks: whether the axis ends at marks and not at the data.
  init(_ data: ClosedRange<Double>, count: Int, growsToMarks: Bool = true) {
    isLogarithmic = false
    var (low, high) = (data.lowerBound, data.upperBound)
    // A single value gets room at both sides.
    let least = max(abs(low), abs(high)) * 1e-6
    if high - low <= least {
      let room = low == 0 ? 1 : abs(low) * 0.5
      (low, high) = (low - room, high + room)
    }
    let step = Self.roundStep((high - low) / Double(max(count, 1)))
    if growsToMarks {
      low = (low / step + 1e-9).rounded(.down) * step
      high = (high / step - 1e-9).rounded(.up) * step
    }
    range = low...high
    let first = Int((low / step - 1e-9).rounded(.up))
    let last = max(first, Int((high / step + 1e-9).rounded(.down)))
    values = (first...last).map { Double($0) * step }
  }

  /// An axis for positive data whose equal lengths are equal factors.
  init(logarithmic data: ClosedRange<Double>) {
    isLogarithmic = true
    func power(_ value: Double, _ rounding: FloatingPointRoundingRule) -> Int {
      Int(log10(value).rounded(rounding))
    }
    let powers = power(data.lowerBound, .down)...power(data.upperBound, .up)
    let steps = powers.count > 4 ? [1.0] : [1.0, 2, 5]
    let marks = powers.flatMap { power in steps.map { $0 * pow(10, Double(power)) } }
    let low = marks.last { $0 <= data.lowerBound } ?? data.lowerBound
    let high = marks.first { $0 >= data.upperBound } ?? data.upperBound
    range = low...max(high, low * 2)
    values = marks.filter { $0 >= low && $0 <= high }
  }

  /// Where a value lies: 0 at the lower end, 1 at the upper one.
  func place(_ value: Double) -> Double {
    let (low, high) = (range.lowerBound, range.upperBound)
    guard isLogarithmic else { return (value - low) / (high - low) }
    return log(max(value, low / 10) / low) / log(high / low)
  }

  /// What stands at the marks.
  var labels: [String] {
    let largest = values.map(abs).max() ?? 0
    let gaps = zip(values, values.dropFirst()).map { abs($1 - $0) }
    let finest = isLogarithmic ? values.map(abs).min() : gaps.min()
    return values.map { Self.label($0, largest: largest, finest: finest ?? largest) }
  }

  private static func label(_ value: Double, largest: Double, finest: Double) -> String {
    if value == 0 { return "0" }
    if largest >= 1_000 || largest < 0.001 || finest < 0.0001 { return short(value) }
    let digits = max(0, Int((-log10(finest) - 1e-9).rounded(.up)))
    var text = String(format: "%.\(digits)f", value)
    if text.contains(".") {
      // A step of 0.25 needs a digit more than its size tells.
      if abs(Double(text)! - value) > finest * 0.01 {
        text = String(format: "%.\(digits + 1)f", value)
      }
    } else if abs(Double(text)! - value) > finest * 0.01 {
      text = String(format: "%.1f", value)
    }
    return text
  }

  /// A number in few characters: `1.5k`, `20M`, `2e-5`.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    for (size, unit) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(value) >= size {
      return trimmed(String(format: "%.3g", value / size)) + unit
    }
    if value != 0, abs(value) < 0.001 {
      let parts = String(format: "%.2e", value).split(separator: "e")
      return trimmed(String(parts[0])) + "e\(Int(parts[1]) ?? 0)"
    }
    return trimmed(String(format: "%.3g", value))
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains("."), !text.contains("e") else { return text }
    var text = text
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `least`.
  private static func roundStep(_ least: Double) -> Double {
    let power = pow(10, log10(least).rounded(.down))
    let factor = [1, 2, 2.5, 5].first { $0 * power >= least * (1 - 1e-9) } ?? 10
    return factor * power
  }
}
