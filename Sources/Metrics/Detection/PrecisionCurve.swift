/// Precision against recall while the detections come in, best first.
///
/// Only hits are kept: precision falls between two of them, so that the best precision at or beyond
/// a recall is that of a hit.
struct PrecisionCurve {
  private let objects: Double
  private var misses = 0
  private var precisions: [Double] = []
  /// The place of each hit among the detections.
  private var places: [Int] = []
  private var count = 0

  init(objects: Int) { self.objects = Double(objects) }

  /// Recall after the last detection, 0 without any.
  var finalRecall: Double { Double(precisions.count) / objects }

  /// Begins anew.
  mutating func removeAll() {
    precisions.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    (misses, count) = (0, 0)
  }

  /// Adds a detection; one that does not count leaves the curve where it is, but has a place on it.
  mutating func add(isHit: Bool, isIgnored: Bool) {
    if !isIgnored {
      if isHit {
        let hits = Double(precisions.count + 1)
        precisions.append(hits / (Double(misses) + hits + .ulpOfOne))
        places.append(count)
      } else {
        misses += 1
      }
    }
    count += 1
  }

  /// Reads the best precision at or beyond each recall level, and the place of the detection that
  /// reaches the level; 0 and nil where none does.
  ///
  /// - Parameter levels: recalls in rising order.
  mutating func sample(
    at levels: [Double], _ body: (_ level: Int, _ precision: Double, _ place: Int?) -> Void
  ) {
    var best = 0.0
    for position in precisions.indices.reversed() {
      best = max(best, precisions[position])
      precisions[position] = best
    }
    var hit = 0
    for (index, level) in levels.enumerated() {
      if level <= 0 {
        body(index, best, count > 0 ? 0 : nil)
        continue
      }
      while hit < places.count && Double(hit + 1) / objects < level { hit += 1 }
      let isReached = hit < places.count
      body(index, isReached ? precisions[hit] : 0, isReached ? places[hit] : nil)
    }
  }
}
