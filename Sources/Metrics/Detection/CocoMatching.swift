/// Which detections of one category hit an object, at every overlap and for every range of sizes.
///
/// Mirrors `COCOeval.evaluateImg` of pycocotools 2.0.11: detections choose in the order of their
/// scores, each the free object with the largest overlap; objects that count go before ignored
/// ones; a detection on an ignored object, or one without object and outside the range of sizes,
/// is ignored too.
struct CocoMatching {
  static let hit: UInt8 = 1
  static let ignored: UInt8 = 2

  /// Scores of all kept detections, picture after picture, best first within each.
  private(set) var scores: [Double] = []
  /// Place of each detection within its picture, 0 for the best.
  private(set) var ranks: [Int] = []
  /// `hit` and `ignored` bits, `[area range, overlap]` for each detection in turn.
  private(set) var flags: [UInt8] = []
  /// Number of objects that count, for each range of sizes.
  private(set) var objects: [Int]
  /// Whether there was anything at all to match.
  private(set) var isEmpty = true

  private let overlaps: [Double]
  private let areas: [ClosedRange<Double>]

  init(overlaps: [Double], areas: [ClosedRange<Double>]) {
    // Rounding must not turn a perfect overlap away.
    self.overlaps = overlaps.map { min($0, 1 - 1e-10) }
    self.areas = areas
    objects = [Int](repeating: 0, count: areas.count)
  }

  /// Adds one picture.
  ///
  /// - Parameters:
  ///   - truth: the picture's objects of the category.
  ///   - detections: its detections of the category, best first, no more than are wanted.
  mutating func add(truth: ArraySlice<GroundTruthBox>, detections: [ScoredBox]) {
    guard !truth.isEmpty || !detections.isEmpty else { return }
    isEmpty = false
    let truth = Array(truth)
    var overlap = [Double](repeating: 0, count: detections.count * truth.count)
    for (d, detection) in detections.enumerated() {
      for (g, object) in truth.enumerated() {
        overlap[d * truth.count + g] = detection.overlap(with: object)
      }
    }
    let base = flags.count
    scores.append(contentsOf: detections.lazy.map(\.score))
    ranks.append(contentsOf: detections.indices)
    flags.append(
      contentsOf: repeatElement(0, count: detections.count * areas.count * overlaps.count))
    for (a, range) in areas.enumerated() {
      let isIgnored = truth.map { $0.isCrowd || !range.contains($0.area) }
      let order = truth.indices.filter { !isIgnored[$0] } + truth.indices.filter { isIgnored[$0] }
      objects[a] += isIgnored.lazy.filter { !$0 }.count
      for t in overlaps.indices {
        var isTaken = [Bool](repeating: false, count: truth.count)
        for (d, detection) in detections.enumerated() {
          var best = overlaps[t]
          var match = -1
          for g in order {
            if isTaken[g] && !truth[g].isCrowd { continue }
            if match >= 0 && !isIgnored[match] && isIgnored[g] { break }
            if overlap[d * truth.count + g] < best { continue }
            best = overlap[d * truth.count + g]
            match = g
          }
          let flag: UInt8
          if match >= 0 {
            isTaken[match] = true
            flag = isIgnored[match] ? Self.hit | Self.ignored : Self.hit
          } else {
            flag = range.contains(detection.area) ? 0 : Self.ignored
          }
          flags[base + (d * areas.count + a) * overlaps.count + t] = flag
        }
      }
    }
  }
}
