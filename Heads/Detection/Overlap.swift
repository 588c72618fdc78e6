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
