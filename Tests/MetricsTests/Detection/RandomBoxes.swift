import Metrics
import Tensors

/// One of the random sets of make_detection.py.
struct RandomBoxes {
  private(set) var images: [Int] = []
  private(set) var categories: [Int] = []
  private(set) var truth: [GroundTruthBox] = []
  private(set) var found: [ScoredBox] = []
  let limits: [Int]

  /// The numbers of the COCO metric for the set.
  var evaluation: CocoEvaluation {
    CocoEvaluation(
      truth: truth, detections: found, images: images, categories: categories, limits: limits)
  }

  init(seed: Int) {
    var s = Stream(key: RandomKey(seed: UInt64(seed)))
    images = (0..<1 + s.below(7)).map { 7 * $0 + 3 }
    categories = (0..<1 + s.below(5)).map { 3 * $0 + 1 }
    let size = [60.0, 200, 600][s.below(3)]
    let (isCoarse, isTied, isFlat) = (s.below(2) == 0, s.below(3) == 0, s.below(4) == 0)
    let most = seed % 40 == 0 ? 130 : 14
    limits = seed % 5 == 4 ? [2, 5, 100] : [1, 10, 100]
    func number(_ extent: Double) -> Double {
      let value = s.uniform() * extent
      return isCoarse ? value.rounded(.down) : value
    }
    func extent() -> Double { isFlat && s.below(6) == 0 ? 0 : number(size * 0.6) + 1 }
    for image in images {
      for _ in 0..<s.below(9) {
        let category = categories[s.below(categories.count)]
        let (x, y, w, h) = (number(size), number(size), extent(), extent())
        let area = [w * h * (0.5 + s.uniform() * 0.5), 1024, 9216][max(0, s.below(10) - 7)]
        truth.append(
          GroundTruthBox(
            image: image, category: category, x: x, y: y, width: w, height: h, area: area,
            isCrowd: s.below(8) == 0))
      }
      let mine = truth.filter { $0.image == image }
      for _ in 0..<s.below(most) {
        var box = ScoredBox(
          image: image, category: categories[s.below(categories.count)], x: 0, y: 0, width: 0,
          height: 0, score: 0)
        if !mine.isEmpty && s.below(3) > 0 {
          let t = mine[s.below(mine.count)]
          if s.below(4) > 0 { box.category = t.category }
          let reach = [0.0, 0.1, 0.4][s.below(3)]
          box.x = t.x + (s.uniform() - 0.5) * reach * t.width
          box.y = t.y + (s.uniform() - 0.5) * reach * t.height
          box.width = t.width * (1 + (s.uniform() - 0.5) * reach)
          box.height = t.height * (1 + (s.uniform() - 0.5) * reach)
        } else {
          (box.x, box.y, box.width, box.height) = (number(size), number(size), extent(), extent())
        }
        box.score = isTied ? Double(s.below(6)) / 6 : s.uniform()
        found.append(box)
      }
    }
    s.shuffle(&images)
    s.shuffle(&truth)
    s.shuffle(&found)
    if seed % 25 == 0 && !truth.isEmpty { truth[0].isNumberedZero = true }
  }

  /// The random numbers of make_detection.py.
  private struct Stream {
    let key: RandomKey
    var position: UInt64 = 0

    mutating func uniform() -> Double {
      defer { position += 1 }
      return Double(key.uniform(at: position))
    }

    mutating func below(_ bound: Int) -> Int { Int(uniform() * Double(bound)) }

    mutating func shuffle<Item>(_ items: inout [Item]) {
      for last in items.indices.dropFirst().reversed() { items.swapAt(last, below(last + 1)) }
    }
  }
}
