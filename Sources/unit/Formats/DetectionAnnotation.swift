import Heads
import Inputs

extension Annotation {
  /// A found object as it is drawn: its class with the most probable attribute, and its score.
  init(_ detection: Detection) {
    // An attribute that is more likely wrong than right is not worth its room.
    let attribute = detection.attributes.first.flatMap { $0.score >= 0.5 ? $0.label + " " : nil }
    self.init(
      x: detection.box.x, y: detection.box.y, width: detection.box.width,
      height: detection.box.height,
      label: (attribute ?? "") + detection.label + " " + detection.score.decimals(2),
      colorIndex: detection.classID)
  }
}
