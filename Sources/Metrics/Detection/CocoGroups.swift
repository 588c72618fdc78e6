/// Boxes sorted by category and picture, so that each pair can be looked at on its own.
struct CocoGroups {
  /// By category, then picture, then as given.
  private let truth: [GroundTruthBox]
  /// By category, then picture, then as given: COCO breaks ties of scores by that order.
  private let detections: [ScoredBox]
  /// For each category, where its boxes lie in the arrays above.
  private let truthRanges: [Range<Int>]
  private let detectionRanges: [Range<Int>]

  init(truth: [GroundTruthBox], detections: [ScoredBox], images: [Int]?, categories: [Int]) {
    let images = Set(images ?? truth.map(\.image) + detections.map(\.image)).sorted()
    let imageRanks = Dictionary(uniqueKeysWithValues: images.enumerated().map { ($1, $0) })
    let categoryRanks = Dictionary(uniqueKeysWithValues: categories.enumerated().map { ($1, $0) })
    func sorted<Box>(
      _ boxes: [Box], image: KeyPath<Box, Int>, category: KeyPath<Box, Int>
    ) -> ([Box], [Range<Int>]) {
      let byImage = Self.order(boxes.indices, count: images.count) {
        categoryRanks[boxes[$0][keyPath: category]] == nil
          ? nil : imageRanks[boxes[$0][keyPath: image]]
      }
      let order = Self.order(byImage.order, count: categories.count) {
        categoryRanks[boxes[$0][keyPath: category]]
      }
      return (order.order.map { boxes[$0] }, order.ranges)
    }
    (self.truth, truthRanges) = sorted(truth, image: \.image, category: \.category)
    (self.detections, detectionRanges) = sorted(detections, image: \.image, category: \.category)
  }

  /// Number of detections of one category.
  func detectionCount(category: Int) -> Int { detectionRanges[category].count }

  /// Matches all pictures of one category in the order of their ids.
  func matching(
    category: Int, overlaps: [Double], areas: [ClosedRange<Double>], limit: Int
  ) -> CocoMatching {
    let (objects, boxes) = (truthRanges[category], detectionRanges[category])
    var result = CocoMatching(overlaps: overlaps, areas: areas, capacity: boxes.count)
    var (object, box) = (objects.lowerBound, boxes.lowerBound)
    while object < objects.upperBound || box < boxes.upperBound {
      let image = min(
        object < objects.upperBound ? truth[object].image : .max,
        box < boxes.upperBound ? detections[box].image : .max)
      let (firstObject, firstBox) = (object, box)
      while object < objects.upperBound, truth[object].image == image { object += 1 }
      while box < boxes.upperBound, detections[box].image == image { box += 1 }
      result.add(
        truth: truth[firstObject..<object],
        detections: Self.best(detections[firstBox..<box], limit: limit))
    }
    return result
  }

  /// The boxes of one picture by falling score, as given where scores are equal; NaN comes last.
  private static func best(_ boxes: ArraySlice<ScoredBox>, limit: Int) -> ArraySlice<ScoredBox> {
    func score(_ box: ScoredBox) -> Double { box.score.isNaN ? -.infinity : box.score }
    let isSorted = zip(boxes, boxes.dropFirst()).allSatisfy { score($0) >= score($1) }
    if isSorted && !boxes.contains(where: \.score.isNaN) { return boxes.prefix(limit) }
    let order = boxes.indices.sorted { a, b in
      let (first, second) = (score(boxes[a]), score(boxes[b]))
      return first == second ? a < b : first > second
    }
    return order.prefix(limit).map { index in
      var box = boxes[index]
      box.score = score(box)
      return box
    }[...]
  }

  /// Sorts by a small number, keeping the order of equals, and leaves out what has none.
  private static func order(
    _ indices: some Collection<Int>, count: Int, by rank: (Int) -> Int?
  ) -> (order: [Int], ranges: [Range<Int>]) {
    let ranks = indices.map { rank($0) ?? -1 }
    var starts = [Int](repeating: 0, count: count + 1)
    for rank in ranks where rank >= 0 { starts[rank + 1] += 1 }
    for rank in 0..<count { starts[rank + 1] += starts[rank] }
    var next = starts
    var order = [Int](repeating: 0, count: starts[count])
    for (index, rank) in zip(indices, ranks) where rank >= 0 {
      order[next[rank]] = index
      next[rank] += 1
    }
    return (order, (0..<count).map { starts[$0]..<starts[$0 + 1] })
  }
}
