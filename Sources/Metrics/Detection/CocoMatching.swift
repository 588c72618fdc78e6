/// Which detections of one category hit an object, at every overlap and for every range of sizes.
///
/// Mirrors `COCOeval.evaluateImg` of pycocotools 2.0.11: detections choose in the order of their
/// scores, each the free object with the largest overlap; objects that count go before ignored
/// ones; a detection on an ignored object, or one without object and outside the range of sizes,
/// is ignored too.
struct CocoMatching {
  /// Scores of all kept detections, picture after picture, best first within each.
  private(set) var scores: [Double] = []
  /// Place of each detection within its picture, 0 for the best.
  private(set) var ranks: [Int] = []
  /// One bit for each overlap: whether the detection hits, `[detection, area range]`.
  private(set) var hits: [UInt16] = []
  /// One bit for each overlap: whether the detection does not count, `[detection, area range]`.
  private(set) var ignored: [UInt16] = []
  /// Number of objects that count, for each range of sizes.
  private(set) var objects: [Int]
  /// Whether there was anything at all to match.
  private(set) var isEmpty = true

  private let overlaps: [Double]
  private let areas: [ClosedRange<Double>]
  private var overlap: [Double] = []
  private var order: [Int] = []
  private var isTaken: [Bool] = []

  init(overlaps: [Double], areas: [ClosedRange<Double>], capacity: Int) {
    precondition(overlaps.count <= 16, "\(overlaps.count) overlaps, expected 16 at most")
    // Rounding must not turn a perfect overlap away.
    self.overlaps = overlaps.map { min($0, 1 - 1e-10) }
    self.areas = areas
    objects = [Int](repeating: 0, count: areas.count)
    scores.reserveCapacity(capacity)
    ranks.reserveCapacity(capacity)
    hits.reserveCapacity(capacity * areas.count)
    ignored.reserveCapacity(capacity * areas.count)
  }

  /// Adds one picture.
  ///
  /// - Parameters:
  ///   - truth: the picture's objects of the category.
  ///   - detections: its detections of the category, best first, no more than are wanted.
  mutating func add(truth: ArraySlice<GroundTruthBox>, detections: ArraySlice<ScoredBox>) {
    guard !truth.isEmpty || !detections.isEmpty else { return }
    isEmpty = false
    overlap.removeAll(keepingCapacity: true)
    for detection in detections {
      for object in truth { overlap.append(detection.overlap(with: object)) }
    }
    let base = hits.count
    scores.append(contentsOf: detections.lazy.map(\.score))
    ranks.append(contentsOf: 0..<detections.count)
    hits.append(contentsOf: repeatElement(0, count: detections.count * areas.count))
    ignored.append(contentsOf: repeatElement(0, count: detections.count * areas.count))
    for area in areas.indices {
      match(truth, detections, area: area, base: base)
    }
  }

  private mutating func match(
    _ truth: ArraySlice<GroundTruthBox>, _ detections: ArraySlice<ScoredBox>, area: Int, base: Int
  ) {
    let range = areas[area]
    let first = truth.startIndex
    func counts(_ object: GroundTruthBox) -> Bool { !object.isCrowd && range.contains(object.area) }
    order.removeAll(keepingCapacity: true)
    for g in truth.indices where counts(truth[g]) { order.append(g - first) }
    let counted = order.count
    for g in truth.indices where !counts(truth[g]) { order.append(g - first) }
    objects[area] += counted
    for t in overlaps.indices {
      let bit: UInt16 = 1 << UInt16(t)
      isTaken.removeAll(keepingCapacity: true)
      isTaken.append(contentsOf: repeatElement(false, count: truth.count))
      for (d, detection) in detections.enumerated() {
        var best = overlaps[t]
        var match = -1
        for (position, g) in order.enumerated() {
          if isTaken[g] && !truth[first + g].isCrowd { continue }
          if match >= 0 && match < counted && position >= counted { break }
          if overlap[d * truth.count + g] < best { continue }
          best = overlap[d * truth.count + g]
          match = position
        }
        let place = base + d * areas.count + area
        var isHit = false
        if match >= 0 {
          let object = order[match]
          isTaken[object] = true
          isHit = !truth[first + object].isNumberedZero
          if match >= counted { ignored[place] |= bit }
        }
        if isHit {
          hits[place] |= bit
        } else if !range.contains(detection.area) {
          ignored[place] |= bit
        }
      }
    }
  }
}
