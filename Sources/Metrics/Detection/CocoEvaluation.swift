import Synchronization
import Tensors

/// COCO's detection metric: average precision and recall over overlaps, sizes and numbers of boxes.
///
/// The numbers equal those of pycocotools 2.0.11 (`COCOeval` with `iouType="bbox"`) for the same
/// boxes in the same order. Categories are worked off on several threads; the numbers do not depend
/// on how many.
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
  /// Number of detections in the evaluated pictures, for each category.
  public private(set) var detectionCounts: [Int] = []
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
    let done = Mutex([CocoCurves?](repeating: nil, count: categories.count))
    Parallel.forEach(categories.count) { position in
      let matching = groups.matching(
        category: position, overlaps: Self.overlaps, areas: Area.allCases.map(\.range),
        limit: limits.last!)
      let curves = CocoCurves(
        matching, detections: groups.detectionCount(category: position), limits: limits)
      done.withLock { $0[position] = curves }
    }
    for (position, curves) in done.withLock({ $0 }).enumerated() {
      if let curves { take(curves, category: position) }
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

  /// Puts the curves of one category in their places.
  private mutating func take(_ curves: CocoCurves, category: Int) {
    objectCounts.append(curves.objects)
    detectionCounts.append(curves.detections)
    let row = Area.allCases.count * limits.count
    func copy(_ part: [Double], to whole: inout [Double]) {
      for start in 0..<part.count / row {
        let target = (start * categories.count + category) * row
        whole.replaceSubrange(target..<target + row, with: part[start * row..<(start + 1) * row])
      }
    }
    copy(curves.precision, to: &precision)
    copy(curves.scores, to: &scores)
    copy(curves.recall, to: &recall)
  }
}
