import Inputs

/// How large the objects of a close-up are and where they lie.
enum SceneCloseUp {
  /// Share of the scene that the box of such an object covers, once it lies there; where its
  /// picture is too small or too slim for that, less.
  static let shares: ClosedRange<Float> = 0.3...1
  /// How likely such an object may reach beyond the border.
  static let cutShare: Float = 0.6
  /// At least this much of its width, and of its height, is seen.
  static let seen: Float = 0.55
  /// How likely there are two.
  static let pairShare: Float = 0.3
  /// The largest box of one of two.
  private static let largestOfTwo: Float = 0.6

  /// Pixels of the scene for a pixel of the cut-out's first level.
  static func scale(
    of cutOut: CutOut, in plan: ScenePlan, _ random: inout RandomStream
  ) -> Float {
    let first = cutOut.levels[0]
    let largest = plan.objects == 1 ? shares.upperBound : largestOfTwo
    // The corners that a turned box has beyond its object, and what lies outside, cost some.
    let share = 1.2 * random.logUniform(shares.lowerBound...largest)
    let wanted = share * Float(plan.size.area) / Float(first.width * first.height)
    return min(
      wanted.squareRoot(), ScenePlan.largestScale,
      Float(plan.size.width) / (seen * Float(first.width)),
      Float(plan.size.height) / (seen * Float(first.height)))
  }

  /// Where an extent begins along a side: inside where it fits and shall not be cut, else with
  /// at least `seen` of it inside.
  static func start(
    of length: Int, in side: Int, _ mayBeCut: Bool, _ random: inout RandomStream
  ) -> Int {
    if !mayBeCut, length <= side { return random.integer(0...side - length) }
    let needed = Int((Self.seen * Float(length)).rounded(.up))
    return needed > side ? (side - length) / 2 : random.integer(needed - length...side - needed)
  }
}

extension SceneComposition.Role {
  var isLabelled: Bool { if case .object = self { true } else { false } }
}

extension SceneLayer {
  /// Around the pixels that are more opaque than not; nil where there is none.
  var extent: PixelExtent? {
    let opacities = stride(from: 3, to: pixels.count, by: 4).map { pixels[$0] }
    return PixelExtent(opacities, width: width, atLeast: SceneCanvas.visible)
  }
}

extension PixelExtent {
  /// Columns times rows that lie on a picture if the first ones are `x` and `y`.
  func area(atX x: Int, y: Int, in picture: ImageSize) -> Int {
    max(0, min(x + width, picture.width) - max(x, 0))
      * max(0, min(y + height, picture.height) - max(y, 0))
  }
}
