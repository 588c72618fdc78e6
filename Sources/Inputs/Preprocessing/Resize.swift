extension Preprocessing {
  /// The rule for the size of a picture.
  public enum Resize: Sendable, Hashable {
    /// Always this size; the aspect ratio is not kept.
    case fixed(width: Int, height: Int)
    /// The shorter side becomes `short`, unless the longer one would be over `longestMaximum`:
    /// then the shorter one becomes as long as that allows. The aspect ratio is kept.
    case shortestSide(short: Int, longestMaximum: Int, rounding: Rounding = .detr)
    /// The size stays.
    case none
  }

  /// How the shorter side is made a whole number where the longer side's maximum binds.
  public enum Rounding: String, Sendable, Codable, CaseIterable {
    /// To the nearest, halves to even: `get_size_with_aspect_ratio` of DETR's transforms.
    case detr
    /// Down: MMF's `ResizeShortest`, which UniT's VQA and visual entailment use.
    case shortestEdge
  }
}

extension Preprocessing.Resize {
  /// The size that a picture of the given size gets; no side is below 1.
  public func size(of original: ImageSize) -> ImageSize {
    switch self {
    case .none:
      return original
    case .fixed(let width, let height):
      return ImageSize(width: width, height: height)
    case .shortestSide(let short, let longestMaximum, let rounding):
      let least = Double(min(original.width, original.height))
      let most = Double(max(original.width, original.height))
      var side = short
      if most / least * Double(short) > Double(longestMaximum) {
        let exact = Double(longestMaximum) * least / most
        side = Int(exact.rounded(rounding == .detr ? .toNearestOrEven : .down))
      }
      if Int(least) == side { return original }
      var other = Int(Double(side * Int(most)) / least)
      if side == 0 {  // the original fails on pictures so thin that a side vanishes
        side = 1
        other = longestMaximum
      }
      return original.width < original.height
        ? ImageSize(width: side, height: other) : ImageSize(width: other, height: side)
    }
  }
}
