import Foundation
import Heads
import Support
import Tensors
import Testing

@Suite struct AssignmentTests {
  /// The matrices of make_assignment.py.
  private func matrix(seed: Int, rows: Int, columns: Int, kind: Int) -> [Double] {
    let key = RandomKey(seed: UInt64(seed))
    return (0..<rows * columns).map { position in
      let u = Double(key.uniform(at: UInt64(position)))
      switch kind {
      case 0: return u
      case 1: return u * 200 - 100
      case 2: return (u * 4).rounded(.down)
      default: return u < 0.5 ? u * 1e-3 : u * 1e6
      }
    }
  }

  private func total(
    _ pairs: [(row: Int, column: Int)], _ costs: [Double], _ columns: Int
  ) -> Double {
    pairs.reduce(0) { $0 + costs[$1.row * columns + $1.column] }
  }

  private func isComplete(
    _ pairs: [(row: Int, column: Int)], rows: Int, columns: Int
  ) -> Bool {
    pairs.count == min(rows, columns) && Set(pairs.map(\.row)).count == pairs.count
      && Set(pairs.map(\.column)).count == pairs.count
      && pairs.allSatisfy { (0..<rows).contains($0.row) && (0..<columns).contains($0.column) }
      && zip(pairs, pairs.dropFirst()).allSatisfy { $0.row < $1.row }
  }

  @Test func totalsEqualThoseOfSciPy() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Golden.path("Heads/assignment.json")))
    let cases = try JSONDecoder().decode([[Double]].self, from: bytes)
    #expect(cases.count == 1000)
    for (seed, expected) in cases.enumerated() {
      let (rows, columns) = (Int(expected[0]), Int(expected[1]))
      let costs = matrix(seed: seed, rows: rows, columns: columns, kind: Int(expected[2]))
      let pairs = assign(costs: costs, rows: rows, columns: columns)
      #expect(isComplete(pairs, rows: rows, columns: columns))
      let found = total(pairs, costs, columns)
      #expect(abs(found - expected[3]) <= 1e-12 * max(1, abs(expected[3])), "matrix \(seed)")
    }
  }

  @Test func smallMatricesCostTheLeastOfAllPermutations() {
    func least(_ costs: [Double], _ size: Int, _ row: Int, _ taken: Set<Int>) -> Double {
      guard row < size else { return 0 }
      return (0..<size).filter { !taken.contains($0) }.map {
        costs[row * size + $0] + least(costs, size, row + 1, taken.union([$0]))
      }.min()!
    }
    for seed in 0..<40 {
      let costs = matrix(seed: seed, rows: 5, columns: 5, kind: 2)
      let pairs = assign(costs: costs, rows: 5, columns: 5)
      #expect(total(pairs, costs, 5) == least(costs, 5, 0, []))
    }
  }

  @Test func knownMatrix() {
    let pairs = assign(costs: [4, 1, 3, 2, 0, 5, 3, 2, 2] as [Float], rows: 3, columns: 3)
    #expect(pairs.map(\.row) == [0, 1, 2])
    #expect(pairs.map(\.column) == [1, 0, 2])
  }

  @Test func addingToARowOrTransposingChangesNothing() {
    let (rows, columns) = (7, 12)
    let costs = matrix(seed: 5, rows: rows, columns: columns, kind: 1)
    let pairs = assign(costs: costs, rows: rows, columns: columns)
    let shifted = costs.enumerated().map { $1 + Double($0 / columns) }
    let again = assign(costs: shifted, rows: rows, columns: columns)
    #expect(again.map(\.column) == pairs.map(\.column))
    var transposed: [Double] = []
    for column in 0..<columns {
      for row in 0..<rows { transposed.append(costs[row * columns + column]) }
    }
    let swapped = assign(costs: transposed, rows: columns, columns: rows)
      .sorted { $0.column < $1.column }
    #expect(swapped.map(\.row) == pairs.map(\.column))
  }

  @Test func emptyMatricesHaveNoPairs() {
    #expect(assign(costs: [Double](), rows: 0, columns: 0).isEmpty)
    #expect(assign(costs: [Double](), rows: 5, columns: 0).isEmpty)
    #expect(assign(costs: [Double](), rows: 0, columns: 5).isEmpty)
  }

  @Test func equalCostsGiveACompleteAssignment() {
    let pairs = assign(costs: [Double](repeating: 3, count: 60), rows: 10, columns: 6)
    #expect(isComplete(pairs, rows: 10, columns: 6))
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300])
  func extremeCostsNeitherCrashNorLoop(_ extreme: Double) {
    for seed in 0..<50 {
      let (rows, columns) = (3 + seed % 7, 2 + seed % 9)
      var costs = matrix(seed: seed, rows: rows, columns: columns, kind: 1)
      let key = RandomKey(seed: 77 + UInt64(seed))
      for index in costs.indices where key.uniform(at: UInt64(index)) < Float(seed) / 49 {
        costs[index] = extreme
      }
      let pairs = assign(costs: costs, rows: rows, columns: columns)
      #expect(isComplete(pairs, rows: rows, columns: columns))
    }
  }

  @Test func notANumberIsAvoidedWherePossible() {
    let costs: [Float] = [.nan, 1000, 2, .nan, -.infinity, 5, 7, .infinity, 3]
    let pairs = assign(costs: costs, rows: 3, columns: 3)
    #expect(pairs.map(\.column) == [2, 1, 0])
  }
}
