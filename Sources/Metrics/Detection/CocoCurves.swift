/// The curves of one category (`COCOeval.accumulate`).
struct CocoCurves {
  /// Number of objects that are no crowd.
  let objects: Int
  /// Number of detections, whether or not they are within the limits.
  let detections: Int
  /// `[overlap, recall level, area, limit]`
  private(set) var precision: [Double]
  /// The scores at which these precisions are reached, in the same order.
  private(set) var scores: [Double]
  /// `[overlap, area, limit]`
  private(set) var recall: [Double]

  init(_ matching: CocoMatching, detections: Int, limits: [Int]) {
    typealias Evaluation = CocoEvaluation
    let (areas, overlaps) = (Evaluation.Area.allCases.count, Evaluation.overlaps.count)
    let levels = Evaluation.recallLevels
    self.detections = detections
    objects = matching.objects[Evaluation.Area.all.rawValue]
    recall = [Double](repeating: -1, count: overlaps * areas * limits.count)
    precision = [Double](repeating: -1, count: recall.count * levels.count)
    scores = precision
    guard !matching.isEmpty else { return }
    let order = matching.scores.indices.sorted {
      let (a, b) = (matching.scores[$0], matching.scores[$1])
      return a == b ? $0 < $1 : a > b
    }
    for (m, limit) in limits.enumerated() {
      let kept = order.filter { matching.ranks[$0] < limit }
      for a in 0..<areas where matching.objects[a] > 0 {
        let hits = kept.map { matching.hits[$0 * areas + a] }
        let ignored = kept.map { matching.ignored[$0 * areas + a] }
        var curve = PrecisionCurve(objects: matching.objects[a])
        for t in 0..<overlaps {
          let bit: UInt16 = 1 << UInt16(t)
          curve.removeAll()
          for position in kept.indices {
            curve.add(isHit: hits[position] & bit != 0, isIgnored: ignored[position] & bit != 0)
          }
          recall[(t * areas + a) * limits.count + m] = curve.finalRecall
          curve.sample(at: levels) { level, value, place in
            let cell = ((t * levels.count + level) * areas + a) * limits.count + m
            precision[cell] = value
            scores[cell] = place.map { matching.scores[kept[$0]] } ?? 0
          }
        }
      }
    }
  }
}
