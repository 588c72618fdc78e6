/// Precision against recall while the detections come in, best first.
struct PrecisionCurve {
  private let objects: Double
  private var hits = 0.0
  private var misses = 0.0
  private var recalls: [Double] = []
  private var precisions: [Double] = []
  private var scores: [Double] = []

  init(objects: Int, capacity: Int) {
    self.objects = Double(objects)
    recalls.reserveCapacity(capacity)
    precisions.reserveCapacity(capacity)
    scores.reserveCapacity(capacity)
  }

  /// Recall after the last detection, 0 without any.
  var finalRecall: Double { recalls.last ?? 0 }

  mutating func add(isHit: Bool, score: Double) {
    if isHit { hits += 1 } else { misses += 1 }
    repeatLast(score: score)
  }

  /// A detection that does not count leaves the curve where it is, but has a place on it.
  mutating func repeatLast(score: Double) {
    recalls.append(hits / objects)
    precisions.append(hits / (misses + hits + .ulpOfOne))
    scores.append(score)
  }

  /// Reads the best precision at or beyond each recall level, 0 where the level is not reached.
  consuming func sample(
    at levels: [Double], _ body: (_ level: Int, _ precision: Double, _ score: Double) -> Void
  ) {
    var best = 0.0
    for position in precisions.indices.reversed() {
      best = max(best, precisions[position])
      precisions[position] = best
    }
    var position = 0
    for (index, level) in levels.enumerated() {
      while position < recalls.count && recalls[position] < level { position += 1 }
      let isReached = position < recalls.count
      body(index, isReached ? precisions[position] : 0, isReached ? scores[position] : 0)
    }
  }
}
