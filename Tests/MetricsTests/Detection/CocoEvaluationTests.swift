import Foundation
import Metrics
import Support
import Tensors
import Testing

@Suite struct CocoEvaluationTests {
  /// What make_detection.py wrote.
  private struct Expected: Decodable {
    /// The twelve numbers and three sums over the arrays' bits.
    struct Numbers: Decodable {
      let summary: [Double]
      let digests: [String]
      init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        summary = try (0..<12).map { _ in try values.decode(Double.self) }
        digests = try (0..<3).map { _ in try values.decode(String.self) }
      }
    }
    struct Curves: Decodable {
      let lines: String
      let recall: [Double]
      let rows: [Int]
      let distinct: [[Double]]
      /// Precision along the recall levels for one row of the other axes.
      func row(_ number: Int) -> [Double] {
        let runs = distinct[rows[number]]
        return stride(from: 0, to: runs.count, by: 2).flatMap {
          [Double](repeating: runs[$0], count: Int(runs[$0 + 1]))
        }
      }
    }
    let sets: [Numbers]
    let curves: [String: Curves]

    static func load() throws -> Expected {
      let url = URL(fileURLWithPath: Golden.path("Metrics/detection.json"))
      return try JSONDecoder().decode(Expected.self, from: Data(contentsOf: url))
    }
  }

  private func areClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-9 }
  }

  /// The sum of the numbers' bits, each times an odd number that its place decides.
  private func digest(_ numbers: [Double]) -> String {
    var sum: UInt64 = 0
    var place: UInt64 = 0
    numbers.withUnsafeBufferPointer { numbers in
      for number in numbers {
        place &+= 0x9E37_79B9_7F4A_7C15
        sum &+= number.bitPattern &* (place ^ place >> 29 | 1)
      }
    }
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  @Test func numbersAndArraysEqualThoseOfPycocotools() throws {
    let sets = try Expected.load().sets
    #expect(sets.count == 500)
    for (seed, expected) in sets.enumerated() {
      let evaluation = RandomBoxes(seed: seed).evaluation
      let summary = evaluation.summary
      #expect(areClose(summary.values.map(\.value), expected.summary), "set \(seed): \(summary)")
      // The arrays are equal to the last bit.
      let arrays = [evaluation.precision, evaluation.recall, evaluation.scores]
      #expect(arrays.map(digest) == expected.digests, "set \(seed)")
    }
  }

  @Test func curvesAndLinesEqualThoseOfPycocotools() throws {
    let curves = try Expected.load().curves
    #expect(curves.count == 10)
    for (seed, expected) in curves {
      let boxes = RandomBoxes(seed: Int(seed)!)
      let evaluation = boxes.evaluation
      #expect(areClose(evaluation.recall, expected.recall), "set \(seed)")
      let levels = CocoEvaluation.recallLevels.count
      let rest = evaluation.categories.count * 4 * 3
      #expect(expected.rows.count == 10 * rest)
      for number in expected.rows.indices {
        let start = number / rest * levels * rest + number % rest
        let row = (0..<levels).map { evaluation.precision[start + $0 * rest] }
        #expect(areClose(row, expected.row(number)), "set \(seed), row \(number)")
      }
      let curve = evaluation.precisionCurve(category: 0, overlap: 0)
      let first = expected.row(2)
      #expect(areClose(curve, first[0] < 0 ? [] : first))
      #expect(evaluation.summary.cocoLines(limits: boxes.limits) == expected.lines)
    }
  }

  @Test func theNumberOfThreadsDoesNotChangeABit() {
    let boxes = RandomBoxes(seed: 40)
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = 1
    let one = boxes.evaluation
    Parallel.threads = 3
    let three = boxes.evaluation
    #expect(one.precision == three.precision && one.scores == three.scores)
    #expect(one.recall == three.recall && one.summary == three.summary)
  }

  @Test func perClassScoresAreThoseOfTheClassAlone() {
    let (truth, found) = (RandomBoxes(seed: 12).truth, RandomBoxes(seed: 12).found)
    for score in CocoEvaluation(truth: truth, detections: found).perClass {
      let alone = CocoEvaluation(
        truth: truth.filter { $0.category == score.category },
        detections: found.filter { $0.category == score.category })
      #expect(alone.summary == score.summary)
      #expect(
        score.objects == truth.filter { $0.category == score.category && !$0.isCrowd }.count)
      #expect(score.detections == found.filter { $0.category == score.category }.count)
    }
  }

  @Test func perfectBoxesScoreOneAndNoBoxesZero() {
    let truth = (0..<12).map {
      GroundTruthBox(
        image: $0 / 3, category: $0 % 2, x: Double($0), y: 5, width: 10, height: 20)
    }
    let found = truth.map {
      ScoredBox(
        image: $0.image, category: $0.category, x: $0.x, y: $0.y, width: $0.width,
        height: $0.height, score: 0.5)
    }
    let perfect = CocoEvaluation(truth: truth, detections: found).summary
    #expect(abs(perfect.AP - 1) < 1e-9 && perfect.AR100 == 1 && perfect.APm == -1)
    let none = CocoEvaluation(truth: truth, detections: []).summary
    #expect(none.AP == 0 && none.AR100 == 0)
    let nothing = CocoEvaluation(truth: [], detections: found).summary
    #expect(nothing.values.allSatisfy { $0.value == -1 })
    let other = CocoEvaluation(truth: truth, detections: found, images: [77]).summary
    #expect(other.AP == -1)
  }

  @Test func scoresThatAreNoNumberComeLast() {
    let truth = [GroundTruthBox(image: 1, category: 1, x: 0, y: 0, width: 10, height: 10)]
    let found = [Double.nan, 0.5].map {
      ScoredBox(
        image: 1, category: 1, x: $0.isNaN ? 0 : 50, y: 0, width: 10, height: 10, score: $0)
    }
    let summary = CocoEvaluation(truth: truth, detections: found).summary
    #expect(abs(summary.AP - 0.5) < 1e-9 && summary.AR1 == 0)
  }
}
