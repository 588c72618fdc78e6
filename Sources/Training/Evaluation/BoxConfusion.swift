import Heads
import Metrics
import Models

/// Which classes of objects were taken for which, the background counted as one class more.
///
/// Detections of at least `threshold` take the most overlapping object that is still free, the
/// surest first, if half of the union is common, whatever their class.
struct BoxConfusion {
  /// The least score that counts.
  static let threshold: Float = 0.3

  /// The matrix; the background is its last class.
  private(set) var matrix: ConfusionMatrix
  private let task: TaskSpec
  private var background: Int { matrix.classes - 1 }

  init(_ task: TaskSpec) {
    self.task = task
    matrix = ConfusionMatrix(classes: task.labels.count + 1)
  }

  /// Adds a picture.
  ///
  /// - Parameter truth: class row and box of every object.
  /// - Returns: the F1 of the picture: 1 where every object was found with its class and nothing
  ///   else.
  mutating func add(_ truth: [(row: Int, box: Detection.Box)], _ found: [Detection]) -> Double {
    var free = Array(truth.indices)
    var right = 0
    let counted = found.filter { $0.score >= Self.threshold }.sorted { $0.score > $1.score }
    for detection in counted {
      let label =
        task.labelIDs.map { $0.firstIndex(of: detection.classID) ?? -1 }
        ?? detection.classID
      let overlaps = free.map { (place: $0, overlap: truth[$0].box.overlap(with: detection.box)) }
      let best = overlaps.max { $0.overlap < $1.overlap }
      guard let best, best.overlap >= 0.5 else {
        count(background, label)
        continue
      }
      free.removeAll { $0 == best.place }
      count(truth[best.place].row, label)
      if truth[best.place].row == label { right += 1 }
    }
    for place in free { count(truth[place].row, background) }
    let all = truth.count + counted.count
    return all == 0 ? 1 : 2 * Double(right) / Double(all)
  }

  private mutating func count(_ truth: Int, _ prediction: Int) {
    let known = 0..<matrix.classes
    guard known.contains(truth), known.contains(prediction) else { return }
    matrix.add(truth: truth, prediction: prediction)
  }
}
