import Foundation
import Metrics
import Support
import Tensors
import Testing

@Suite struct CocoEvaluationTests {
  struct Expected: Decodable {
    struct Curves: Decodable {
      let categories: [Int]
      let lines: String
      let mean_precision: [Double]
      let recall: [Double]
      let precision: [Double]
      let scores: [Double]
    }
    let sets: [[Double]]
    let curves: [String: Curves]
  }

  /// The random numbers of make_detection.py.
  struct Stream {
    let key: RandomKey
    var position: UInt64 = 0
    mutating func uniform() -> Double {
      defer { position += 1 }
      return Double(key.uniform(at: position))
    }
    mutating func below(_ bound: Int) -> Int { Int(uniform() * Double(bound)) }
  }

  /// The boxes of make_detection.py.
  static func boxes(seed: Int) -> (truth: [GroundTruthBox], found: [ScoredBox], categories: Int) {
    var s = Stream(key: RandomKey(seed: UInt64(seed)))
    let (images, categories) = (1 + s.below(6), 1 + s.below(4))
    let size = [60.0, 200, 600][s.below(3)]
    let (isCoarse, isTied) = (s.below(2) == 0, s.below(3) == 0)
    let most = seed % 40 == 0 ? 130 : 14
    func number(_ extent: Double) -> Double {
      let value = s.uniform() * extent
      return isCoarse ? value.rounded(.down) : value
    }
    var truth: [GroundTruthBox] = []
    var found: [ScoredBox] = []
    for image in 1...images {
      for _ in 0..<s.below(9) {
        let category = 1 + s.below(categories)
        let (x, y) = (number(size), number(size))
        let (w, h) = (number(size * 0.6) + 1, number(size * 0.6) + 1)
        let area = w * h * (0.5 + s.uniform() * 0.5)
        truth.append(
          GroundTruthBox(
            image: image, category: category, x: x, y: y, width: w, height: h, area: area,
            isCrowd: s.below(8) == 0))
      }
      let mine = truth.filter { $0.image == image }
      for _ in 0..<s.below(most) {
        var box = ScoredBox(
          image: image, category: 1 + s.below(categories + 1), x: 0, y: 0, width: 0, height: 0,
          score: 0)
        if !mine.isEmpty && s.below(3) > 0 {
          let t = mine[s.below(mine.count)]
          if s.below(4) > 0 { box.category = t.category }
          let reach = [0.0, 0.1, 0.4][s.below(3)]
          box.x = t.x + (s.uniform() - 0.5) * reach * t.width
          box.y = t.y + (s.uniform() - 0.5) * reach * t.height
          box.width = t.width * (1 + (s.uniform() - 0.5) * reach)
          box.height = t.height * (1 + (s.uniform() - 0.5) * reach)
        } else {
          (box.x, box.y) = (number(size), number(size))
          (box.width, box.height) = (number(size * 0.6), number(size * 0.6))
        }
        box.score = isTied ? Double(s.below(6)) / 6 : s.uniform()
        found.append(box)
      }
    }
    return (truth, found, categories + 1)
  }

  static func expected() throws -> Expected {
    let path = Golden.path("Metrics/detection.json")
    return try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func areClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-9 }
  }

  @Test func theTwelveNumbersEqualThoseOfPycocotools() throws {
    let sets = try Self.expected().sets
    #expect(sets.count == 240)
    for (seed, numbers) in sets.enumerated() {
      let (truth, found, _) = Self.boxes(seed: seed)
      let summary = CocoEvaluation(truth: truth, detections: found).summary
      #expect(areClose(summary.values.map(\.value), numbers), "set \(seed): \(summary)")
    }
  }

  @Test func theCurvesEqualThoseOfPycocotools() throws {
    for (seed, curves) in try Self.expected().curves {
      let (truth, found, categories) = Self.boxes(seed: Int(seed)!)
      let evaluation = CocoEvaluation(
        truth: truth, detections: found, categories: Array(1...categories))
      #expect(evaluation.categories == curves.categories)
      #expect(areClose(evaluation.recall, curves.recall))
      let (levels, rest) = (CocoEvaluation.recallLevels.count, categories * 4 * 3)
      let means = (0..<10 * rest).map { cell in
        let start = cell / rest * levels * rest + cell % rest
        return (0..<levels).reduce(0) { $0 + evaluation.precision[start + $1 * rest] }
          / Double(levels)
      }
      #expect(areClose(means, curves.mean_precision))
      for category in 0..<categories {
        let column = { (values: [Double]) in
          stride(from: category, to: values.count, by: categories).map { values[$0] }
        }
        let expected = column(curves.precision)
        let curve = evaluation.precisionCurve(category: category, overlap: 0)
        #expect(areClose(curve, expected[0] < 0 ? [] : expected))
        let scores = (0..<levels).map { evaluation.scores[($0 * categories + category) * 12 + 2] }
        #expect(areClose(scores, column(curves.scores)))
      }
      #expect(evaluation.summary.cocoLines == curves.lines)
    }
  }

  @Test func perClassScoresAreThoseOfTheClassAlone() {
    let (truth, found, _) = Self.boxes(seed: 12)
    for score in CocoEvaluation(truth: truth, detections: found).perClass {
      let alone = CocoEvaluation(
        truth: truth.filter { $0.category == score.category },
        detections: found.filter { $0.category == score.category })
      #expect(alone.summary == score.summary)
      #expect(
        score.objects == truth.filter { $0.category == score.category && !$0.isCrowd }.count)
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
