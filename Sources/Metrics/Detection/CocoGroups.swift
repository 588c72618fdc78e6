/// Boxes sorted by category and picture, so that each pair can be looked at on its own.
struct CocoGroups {
  private let truth: [GroundTruthBox]
  private let detections: [ScoredBox]
  /// For each category, where its boxes lie in the arrays above.
  private let truthRanges: [Range<Int>]
  private let detectionRanges: [Range<Int>]

  init(truth: [GroundTruthBox], detections: [ScoredBox], images: [Int]?, categories: [Int]) {
    let images = images.map(Set.init)
    let known = Dictionary(uniqueKeysWithValues: categories.enumerated().map { ($1, $0) })
    func place(_ image: Int, _ category: Int) -> Int? {
      if let images, !images.contains(image) { return nil }
      return known[category]
    }
    let truthPlaces = truth.map { place($0.image, $0.category) }
    let truthOrder = truth.indices.filter { truthPlaces[$0] != nil }.sorted {
      (truthPlaces[$0]!, truth[$0].image, $0) < (truthPlaces[$1]!, truth[$1].image, $1)
    }
    // COCO breaks ties of scores by the order in which the detections were given.
    let places = detections.map { place($0.image, $0.category) }
    let scores = detections.map { $0.score.isNaN ? -.infinity : $0.score }
    let order = detections.indices.filter { places[$0] != nil }.sorted { a, b in
      if places[a]! != places[b]! { return places[a]! < places[b]! }
      if detections[a].image != detections[b].image {
        return detections[a].image < detections[b].image
      }
      return scores[a] == scores[b] ? a < b : scores[a] > scores[b]
    }
    self.truth = truthOrder.map { truth[$0] }
    self.detections = order.map { index in
      var detection = detections[index]
      detection.score = scores[index]
      return detection
    }
    truthRanges = Self.ranges(truthOrder.map { truthPlaces[$0]! }, count: categories.count)
    detectionRanges = Self.ranges(order.map { places[$0]! }, count: categories.count)
  }

  /// Matches all pictures of one category in the order of their ids.
  func matching(
    category: Int, overlaps: [Double], areas: [ClosedRange<Double>], limit: Int
  ) -> CocoMatching {
    var result = CocoMatching(overlaps: overlaps, areas: areas)
    var objects = truth[truthRanges[category]]
    var boxes = detections[detectionRanges[category]]
    while let image = [objects.first?.image, boxes.first?.image].compactMap({ $0 }).min() {
      let mine = objects.prefix { $0.image == image }
      let found = boxes.prefix { $0.image == image }
      result.add(truth: mine, detections: Array(found.prefix(limit)))
      objects = objects.dropFirst(mine.count)
      boxes = boxes.dropFirst(found.count)
    }
    return result
  }

  /// The runs of 0, 1 ... `count - 1` in a sorted list.
  private static func ranges(_ sorted: [Int], count: Int) -> [Range<Int>] {
    var start = 0
    return (0..<count).map { value in
      var end = start
      while end < sorted.count && sorted[end] == value { end += 1 }
      defer { start = end }
      return start..<end
    }
  }
}
