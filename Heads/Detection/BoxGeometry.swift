extension ObjectTargets.Box {
  /// Intersection over union, in `0...1`.
  func overlap(with other: Self) -> Float {
    func corner(_ box: Self) -> Detection.Box {
      Detection.Box(
        x: box.centerX - box.width / 2, y: box.centerY - box.height / 2, width: box.width,
        height: box.height)
    }
    return corner(self).overlap(with: corner(other))
  }

  /// Generalised intersection over union (Rezatofighi et al., 2019), in `-1...1`.
  ///
  /// Plain arithmetic for the assignment's costs; the loss has its own differentiable operation.
  func generalizedIoU(_ other: Self) -> Float {
    func edges(_ box: Self) -> (left: Float, top: Float, right: Float, bottom: Float) {
      (
        box.centerX - box.width / 2, box.centerY - box.height / 2, box.centerX + box.width / 2,
        box.centerY + box.height / 2
      )
    }
    let (a, b) = (edges(self), edges(other))
    let overlap =
      max(0, min(a.right, b.right) - max(a.left, b.left))
      * max(0, min(a.bottom, b.bottom) - max(a.top, b.top))
    let union = width * height + other.width * other.height - overlap
    let hull =
      (max(a.right, b.right) - min(a.left, b.left)) * (max(a.bottom, b.bottom) - min(a.top, b.top))
    guard union > 0, hull > 0 else { return 0 }
    return overlap / union - (hull - union) / hull
  }

  /// Sum of the absolute differences of the four numbers.
  func distance(_ other: Self) -> Float {
    abs(centerX - other.centerX) + abs(centerY - other.centerY) + abs(width - other.width)
      + abs(height - other.height)
  }
}
