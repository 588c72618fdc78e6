extension Detection.Box {
  /// Intersection over union, in `0...1`.
  public func overlap(with other: Self) -> Float {
    let across = min(x + width, other.x + other.width) - max(x, other.x)
    let down = min(y + height, other.y + other.height) - max(y, other.y)
    guard across > 0, down > 0 else { return 0 }
    let both = across * down
    return both / (width * height + other.width * other.height - both)
  }
}

extension [Detection] {
  /// Without the objects that overlap a more probable one of their class by more than `most`
  /// (non-maximum suppression by class); the others keep their order.
  ///
  /// The list is sorted, most probable first.
  func withoutRepeated(overlap most: Float) -> [Detection] {
    var kept: [Detection] = []
    for detection in self {
      let isKnown = kept.contains {
        $0.classID == detection.classID && $0.box.overlap(with: detection.box) > most
      }
      if !isKnown { kept.append(detection) }
    }
    return kept
  }
}
