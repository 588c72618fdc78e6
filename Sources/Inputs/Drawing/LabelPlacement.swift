/// Finds places for labels: at their boxes, inside the picture, not over one another where that can
/// be had.
struct LabelPlacement {
  let width: Int
  let height: Int
  /// All boxes; a label would rather not cover another object.
  let boxes: [PixelRectangle]
  private var taken: [PixelRectangle] = []

  init(width: Int, height: Int, boxes: [PixelRectangle]) {
    self.width = width
    self.height = height
    self.boxes = boxes
  }

  /// The best free place for a label of the given size at the box of this index.
  mutating func place(labelWidth: Int, labelHeight: Int, at index: Int) -> PixelRectangle {
    let box = boxes[index]
    var best = PixelRectangle(x: 0, y: 0, width: labelWidth, height: labelHeight)
    var leastCost = Int.max
    for (rank, corner) in candidates(box, labelWidth, labelHeight).enumerated() {
      let place = PixelRectangle(
        x: max(0, min(corner.x, width - labelWidth)),
        y: max(0, min(corner.y, height - labelHeight)), width: labelWidth, height: labelHeight)
      let onLabels = taken.reduce(0) { $0 + place.overlap(with: $1) }
      var onBoxes = 0
      for (other, rectangle) in boxes.enumerated() where other != index {
        onBoxes += place.overlap(with: rectangle)
      }
      // Hiding a label is worst; an object that is partly hidden, or a label pushed by the
      // picture's edge onto its own object, is a lesser evil, and so is a later candidate.
      let area = labelWidth * labelHeight
      let cost =
        1000 * onLabels + 4 * onBoxes + place.overlap(with: box) + rank * max(area / 16, 1)
      if cost < leastCost {
        leastCost = cost
        best = place
      }
    }
    taken.append(best)
    return best
  }

  /// Upper left corners to try, the preferred one first: above, below, inside, beside, farther off.
  private func candidates(
    _ box: PixelRectangle, _ labelWidth: Int, _ labelHeight: Int
  ) -> [(x: Int, y: Int)] {
    let right = box.x + box.width
    let bottom = box.y + box.height
    let alignedRight = right - labelWidth
    var corners = [
      (box.x, box.y - labelHeight), (alignedRight, box.y - labelHeight), (box.x, bottom),
      (alignedRight, bottom), (box.x, box.y), (alignedRight, box.y),
      (box.x, bottom - labelHeight), (alignedRight, bottom - labelHeight), (right, box.y),
      (box.x - labelWidth, box.y), (right, bottom - labelHeight),
      (box.x - labelWidth, bottom - labelHeight),
    ]
    for step in 2...6 {
      corners.append((box.x, box.y - step * labelHeight))
      corners.append((box.x, bottom + (step - 1) * labelHeight))
      corners.append((box.x, box.y + (step - 1) * labelHeight))
    }
    return corners.map { (x: $0.0, y: $0.1) }
  }
}
