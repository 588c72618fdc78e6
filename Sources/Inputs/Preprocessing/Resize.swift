extension Preprocessing {
  /// The rule for the size of a picture.
  public enum Resize: Sendable, Hashable {
    /// Always this size; the aspect ratio is not kept.
    case fixed(width: Int, height: Int)
    /// The shorter side becomes `short`, unless the longer one would be over `longestMaximum`:
    /// then the shorter one becomes as long as that allows. The aspect ratio is kept. Without a
    /// maximum the longer side ends only where the picture would have over 16 million pixels.
    case shortestSide(short: Int, longestMaximum: Int?, rounding: Rounding = .detr)
    /// As large as fits into this size; the aspect ratio is kept.
    case within(width: Int, height: Int)
    /// As `shortestSide`, and then both sides go down to a multiple of `divisor`: a picture of
    /// whole patches (ViLT). The aspect ratio is nearly kept.
    case multipleOf(divisor: Int, short: Int, longestMaximum: Int)
    /// The size stays.
    case none
  }

  /// How the sides are made whole numbers where the longer side's maximum binds.
  public enum Rounding: String, Sendable, Codable, CaseIterable {
    /// To the nearest, halves to even: `get_size_with_aspect_ratio` of DETR's transforms.
    case detr
    /// The shorter side to the nearest, halves to even, but the longer one from the shorter one's
    /// unrounded length, and down: Hugging Face's `get_size_with_aspect_ratio`.
    case huggingFace
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
      return Self.size(
        of: original, short: short, longest: longestMaximum ?? Self.mostPixels / short,
        rounding: longestMaximum == nil ? nil : rounding)
    case .within(let width, let height):
      let scale = min(
        Double(height) / Double(original.height), Double(width) / Double(original.width))
      return ImageSize(
        width: max(1, Int(Double(original.width) * scale)),
        height: max(1, Int(Double(original.height) * scale)))
    case .multipleOf(let divisor, let short, let longestMaximum):
      let least = Double(min(original.width, original.height))
      let scale = Double(short) / least
      let longer = scale * Double(max(original.width, original.height))
      let reduction = longer > Double(longestMaximum) ? Double(longestMaximum) / longer : 1
      // The original fails on pictures so thin that no patch is left.
      func whole(_ side: Double) -> Int {
        max(1, Int(side * reduction + 0.5) / divisor) * divisor
      }
      let (lower, upper) = (whole(Double(short)), whole(longer))
      return original.width < original.height
        ? ImageSize(width: lower, height: upper) : ImageSize(width: upper, height: lower)
    }
  }

  /// The most pixels that a rule may ask for: the network holds them as floats, and its features
  /// many times over.
  static let mostPixels = 1 << 24

  /// The size by the shorter side; without a rounding the longer side is cut off at `longest`.
  private static func size(
    of original: ImageSize, short: Int, longest: Int, rounding: Preprocessing.Rounding?
  ) -> ImageSize {
    let least = Double(min(original.width, original.height))
    let most = Double(max(original.width, original.height))
    var side = short
    var exact = Double(short)
    if let rounding, most / least * exact > Double(longest) {
      exact = Double(longest) * least / most
      side = Int(exact.rounded(rounding == .shortestEdge ? .down : .toNearestOrEven))
    }
    if Int(least) == side { return original }
    if rounding != .huggingFace { exact = Double(side) }
    var other = Int(exact * most / least)
    if rounding == nil { other = min(other, longest) }
    if side == 0 {  // the originals fail on pictures so thin that a side vanishes
      side = 1
      other = longest
    }
    return original.width < original.height
      ? ImageSize(width: side, height: other) : ImageSize(width: other, height: side)
  }
}
