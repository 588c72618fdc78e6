import Testing

@testable import Training

struct AxisTicksTests {
  @Test(arguments: [
    (0.0...1.0, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (13.1...26.7, ["10", "15", "20", "25", "30"]),
    (0...7e-4, ["0", "2e-4", "4e-4", "6e-4", "8e-4"]),
    (-1...1, ["-1.0", "-0.5", "0", "0.5", "1.0"]),
    (0...12_345, ["0", "2.5k", "5k", "7.5k", "10k", "12.5k"]),
    (0.21...0.24, ["0.21", "0.22", "0.23", "0.24"]),
  ]) func linearMarksAreRound(data: ClosedRange<Double>, labels: [String]) {
    let ticks = AxisTicks(data, count: 5)
    #expect(
      Set(labels).isSubset(of: Set(ticks.labels)) || ticks.labels == labels, "\(ticks.labels)")
    #expect(ticks.range.lowerBound <= data.lowerBound && ticks.range.upperBound >= data.upperBound)
    #expect(ticks.values.allSatisfy { (-1e-9...1 + 1e-9).contains(ticks.place($0)) })
    #expect(Set(ticks.labels).count == ticks.labels.count)
  }

  @Test func logarithmicMarksArePowers() {
    let ticks = AxisTicks(logarithmic: 0.013...26)
    #expect(ticks.isLogarithmic && ticks.range.lowerBound <= 0.013 && ticks.range.upperBound >= 26)
    #expect(abs(ticks.place(0.1) - ticks.place(0.01) - ticks.place(10) + ticks.place(1)) < 1e-9)
    #expect(ticks.place(ticks.range.upperBound) == 1 && ticks.place(ticks.range.lowerBound) == 0)
    let wide = AxisTicks(logarithmic: 1e-9...1e3)
    #expect(wide.values.count <= 14 && wide.labels.contains("1k"))
  }

  @Test(arguments: [0.0...0.0, 5...5, -3...(-3), 1e-300...1e-300, 1e300...1e300])
  func aSingleValueHasRoom(data: ClosedRange<Double>) {
    let ticks = AxisTicks(data, count: 5)
    #expect(ticks.range.lowerBound < ticks.range.upperBound)
    #expect((0...1).contains(ticks.place(data.lowerBound)))
    #expect(ticks.values.count >= 2 && ticks.values.count < 20)
  }

  @Test func shortNumbers() {
    let numbers: [Double] = [0, 0.5, 12.31, 999, 1500, 2e7, 3e9, 2e-5, 7.25e-4, -0.1, .nan]
    #expect(
      numbers.map(AxisTicks.short) == [
        "0", "0.5", "12.3", "999", "1.5k", "20M", "3G", "2e-5", "7.25e-4", "-0.1", "-",
      ])
  }
}
