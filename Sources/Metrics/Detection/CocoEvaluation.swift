/// COCO's detection metric: average precision and recall over overlaps, sizes and numbers of boxes.
///
/// The numbers equal those of pycocotools 2.0.11 (`COCOeval` with `iouType="bbox"`) for the same
/// boxes in the same order.
///
/// ```swift
/// let evaluation = CocoEvaluation(truth: objects, detections: boxes)
/// print(evaluation.summary.cocoLines)
/// ```
public struct CocoEvaluation: Sendable {
  /// A range of object sizes, in square pixels.
  public enum Area: Int, Sendable, CaseIterable {
    /// Every object.
    case all
    /// Up to 32 x 32 pixels.
    case small
    /// From 32 x 32 to 96 x 96 pixels.
    case medium
    /// From 96 x 96 pixels.
    case large

    /// The areas in the range, both ends included.
    public var range: ClosedRange<Double> {
      switch self {
      case .all: 0...1e10
      case .small: 0...1024
      case .medium: 1024...9216
      case .large: 9216...1e10
      }
    }
  }

  /// The overlaps (IoU) that make a hit: 0.50, 0.55 ... 0.95.
  public static let overlaps: [Double] = evenlySpaced(from: 0.5, to: 0.95, count: 10)
  /// The recalls at which precision is read: 0.00, 0.01 ... 1.00.
  public static let recallLevels: [Double] = evenlySpaced(from: 0, to: 1, count: 101)

  /// The categories that were evaluated, in rising order of their ids.
  public let categories: [Int]
  /// The most boxes of one category and picture that count; the last is the one for precision.
  public let limits: [Int]
  /// Number of objects that are no crowd, for each category.
  public private(set) var objectCounts: [Int] = []
  /// Precision `[overlap, recall level, category, area, limit]`; -1 where there are no objects.
  public private(set) var precision: [Double]
  /// The scores at which these precisions are reached, in the same order; 0 where never.
  public private(set) var scores: [Double]
  /// Highest recall `[overlap, category, area, limit]`; -1 where there are no objects.
  public private(set) var recall: [Double]

  /// Compares detections with the truth.
  ///
  /// - Parameters:
  ///   - truth: the marked objects.
  ///   - detections: the found objects, any number a picture; NaN scores count as the lowest.
  ///   - images: ids of the pictures to evaluate; by default all that occur. Boxes of other
  ///     pictures are left out.
  ///   - categories: ids of the categories to evaluate; by default those of the truth.
  ///   - limits: numbers of boxes to evaluate at, in rising order.
  public init(
    truth: [GroundTruthBox], detections: [ScoredBox], images: [Int]? = nil,
    categories: [Int]? = nil, limits: [Int] = [1, 10, 100]
  ) {
    precondition(
      !limits.isEmpty && limits == limits.sorted(), "the limits \(limits) are not in rising order")
    let categories = Set(categories ?? truth.map(\.category)).sorted()
    self.categories = categories
    self.limits = limits
    let cells = Self.overlaps.count * categories.count * Area.allCases.count * limits.count
    precision = [Double](repeating: -1, count: cells * Self.recallLevels.count)
    scores = precision
    recall = [Double](repeating: -1, count: cells)
    let groups = CocoGroups(
      truth: truth, detections: detections, images: images, categories: categories)
    for position in categories.indices {
      let matching = groups.matching(
        category: position, overlaps: Self.overlaps, areas: Area.allCases.map(\.range),
        limit: limits.last!)
      objectCounts.append(matching.objects[Area.all.rawValue])
      accumulate(matching, category: position)
    }
  }

  /// Precision at the recall levels for one category, as a curve; empty where it has no objects.
  ///
  /// - Parameters:
  ///   - category: position in `categories`.
  ///   - overlap: position in `overlaps`.
  ///   - area: the range of sizes.
  public func precisionCurve(category: Int, overlap: Int, area: Area = .all) -> [Double] {
    let curve = Self.recallLevels.indices.map {
      precision[index(overlap, $0, category, area.rawValue, limits.count - 1)]
    }
    return curve.contains { $0 < 0 } ? [] : curve
  }

  func index(_ overlap: Int, _ level: Int, _ category: Int, _ area: Int, _ limit: Int) -> Int {
    (((overlap * Self.recallLevels.count + level) * categories.count + category)
      * Area.allCases.count + area) * limits.count + limit
  }

  func index(_ overlap: Int, _ category: Int, _ area: Int, _ limit: Int) -> Int {
    ((overlap * categories.count + category) * Area.allCases.count + area) * limits.count + limit
  }

  /// The numbers of NumPy's `linspace`, to the last bit: whether a recall reaches a level hangs on it.
  private static func evenlySpaced(from first: Double, to last: Double, count: Int) -> [Double] {
    let step = (last - first) / Double(count - 1)
    var numbers = (0..<count).map { Double($0) * step + first }
    numbers[count - 1] = last
    return numbers
  }

  /// Turns the hits of one category into its curves (`COCOeval.accumulate`).
  private mutating func accumulate(_ matching: CocoMatching, category: Int) {
    guard !matching.isEmpty else { return }
    let (areas, overlaps) = (Area.allCases.count, Self.overlaps.count)
    let order = matching.scores.indices.sorted {
      let (a, b) = (matching.scores[$0], matching.scores[$1])
      return a == b ? $0 < $1 : a > b
    }
    for (m, limit) in limits.enumerated() {
      let kept = order.filter { matching.ranks[$0] < limit }
      for a in 0..<areas where matching.objects[a] > 0 {
        for t in 0..<overlaps {
          var curve = PrecisionCurve(objects: matching.objects[a], capacity: kept.count)
          for d in kept {
            let flag = matching.flags[(d * areas + a) * overlaps + t]
            if flag & CocoMatching.ignored == 0 {
              curve.add(isHit: flag & CocoMatching.hit != 0, score: matching.scores[d])
            } else {
              curve.repeatLast(score: matching.scores[d])
            }
          }
          recall[index(t, category, a, m)] = curve.finalRecall
          curve.sample(at: Self.recallLevels) { level, value, score in
            precision[index(t, level, category, a, m)] = value
            scores[index(t, level, category, a, m)] = score
          }
        }
      }
    }
  }
}
