import Foundation

/// COCO's twelve numbers; -1 where there is nothing to measure.
public struct CocoSummary: Sendable, Equatable, Codable {
  /// Average precision over the overlaps 0.50 ... 0.95.
  public var AP: Double
  /// Average precision at the overlap 0.50.
  public var AP50: Double
  /// Average precision at the overlap 0.75.
  public var AP75: Double
  /// Average precision of small objects.
  public var APs: Double
  /// Average precision of medium objects.
  public var APm: Double
  /// Average precision of large objects.
  public var APl: Double
  /// Average recall with one box a picture and category.
  public var AR1: Double
  /// Average recall with ten boxes.
  public var AR10: Double
  /// Average recall with a hundred boxes.
  public var AR100: Double
  /// Average recall of small objects.
  public var ARs: Double
  /// Average recall of medium objects.
  public var ARm: Double
  /// Average recall of large objects.
  public var ARl: Double

  /// The names and numbers in COCO's order.
  public var values: [(name: String, value: Double)] {
    [
      ("AP", AP), ("AP50", AP50), ("AP75", AP75), ("APs", APs), ("APm", APm), ("APl", APl),
      ("AR1", AR1), ("AR10", AR10), ("AR100", AR100), ("ARs", ARs), ("ARm", ARm), ("ARl", ARl),
    ]
  }

  /// The twelve lines that COCO's own program prints, each ended by a line break.
  public var cocoLines: String { cocoLines(limits: [1, 10, 100]) }

  /// The twelve lines for other numbers of boxes than COCO's.
  public func cocoLines(limits: [Int]) -> String {
    let most = limits[2]
    let rows: [(overlap: String, area: String, limit: Int)] = [
      ("0.50:0.95", "all", most), ("0.50", "all", most), ("0.75", "all", most),
      ("0.50:0.95", "small", most), ("0.50:0.95", "medium", most), ("0.50:0.95", "large", most),
      ("0.50:0.95", "all", limits[0]), ("0.50:0.95", "all", limits[1]),
      ("0.50:0.95", "all", most), ("0.50:0.95", "small", most), ("0.50:0.95", "medium", most),
      ("0.50:0.95", "large", most),
    ]
    return zip(rows, values).enumerated().map { position, line in
      let (row, value) = (line.0, line.1.value)
      let title = position < 6 ? "Average Precision  (AP)" : "Average Recall     (AR)"
      let overlap = row.overlap.padding(toLength: 9, withPad: " ", startingAt: 0)
      let area = String(repeating: " ", count: 6 - row.area.count) + row.area
      return String(
        format: " \(title) @[ IoU=\(overlap) | area=\(area) | maxDets=%3d ] = %0.3f\n",
        row.limit, value)
    }.joined()
  }
}

extension CocoEvaluation {
  /// The twelve numbers over all categories.
  public var summary: CocoSummary { summary(of: Array(categories.indices)) }

  /// The twelve numbers over some categories, given by their positions in `categories`.
  public func summary(of positions: [Int]) -> CocoSummary {
    let last = limits.count - 1
    let (one, ten) = (0, min(1, last))
    let half = [0]
    let strict = [5]
    return CocoSummary(
      AP: meanPrecision(positions), AP50: meanPrecision(positions, overlaps: half),
      AP75: meanPrecision(positions, overlaps: strict),
      APs: meanPrecision(positions, area: .small), APm: meanPrecision(positions, area: .medium),
      APl: meanPrecision(positions, area: .large),
      AR1: meanRecall(positions, limit: one), AR10: meanRecall(positions, limit: ten),
      AR100: meanRecall(positions, limit: last),
      ARs: meanRecall(positions, area: .small, limit: last),
      ARm: meanRecall(positions, area: .medium, limit: last),
      ARl: meanRecall(positions, area: .large, limit: last))
  }

  /// The scores of one category.
  public struct CategoryScore: Sendable, Equatable {
    /// Id of the category.
    public let category: Int
    /// Number of objects that are no crowd.
    public let objects: Int
    /// Number of detections in the evaluated pictures.
    public let detections: Int
    /// The twelve numbers.
    public let summary: CocoSummary
  }

  /// The scores of every category, in rising order of the ids.
  public var perClass: [CategoryScore] {
    categories.indices.map {
      CategoryScore(
        category: categories[$0], objects: objectCounts[$0], detections: detectionCounts[$0],
        summary: summary(of: [$0]))
    }
  }

  private func meanPrecision(
    _ positions: [Int], overlaps: [Int]? = nil, area: Area = .all
  ) -> Double {
    var mean = MeanOfMeasured()
    for t in overlaps ?? Array(Self.overlaps.indices) {
      for level in Self.recallLevels.indices {
        for category in positions {
          mean.add(precision[index(t, level, category, area.rawValue, limits.count - 1)])
        }
      }
    }
    return mean.value
  }

  private func meanRecall(_ positions: [Int], area: Area = .all, limit: Int) -> Double {
    var mean = MeanOfMeasured()
    for t in Self.overlaps.indices {
      for category in positions { mean.add(recall[index(t, category, area.rawValue, limit)]) }
    }
    return mean.value
  }
}

/// The mean of the numbers that are not -1, or -1.
private struct MeanOfMeasured {
  private var sum = 0.0
  private var count = 0
  mutating func add(_ value: Double) {
    guard value > -1 else { return }
    sum += value
    count += 1
  }
  var value: Double { count == 0 ? -1 : sum / Double(count) }
}
