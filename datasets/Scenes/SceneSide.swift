import Inputs

/// Where an object lies, seen from another.
struct SceneSide: Equatable {
  /// Left and right, or above and below.
  let isAcross: Bool
  /// Left or above.
  let isBefore: Bool

  /// Any of the four.
  static func draw(_ random: inout RandomStream) -> SceneSide {
    let isAcross = random.chance(0.5)
    return SceneSide(isAcross: isAcross, isBefore: random.chance(0.5))
  }

  var opposite: SceneSide { SceneSide(isAcross: isAcross, isBefore: !isBefore) }

  /// For example `left of`.
  var words: String {
    isAcross ? (isBefore ? "left of" : "right of") : (isBefore ? "above" : "below")
  }

  /// Whether an object clearly lies on this side of another.
  func holds(_ first: Scene.Object, _ second: Scene.Object, in size: ImageSize) -> Bool {
    let distance = Self.distance(first, second, isAcross)
    return (isBefore ? -distance : distance) >= Self.margin(isAcross, in: size)
  }

  /// Whether an object clearly lies on this side of another or on the opposite one.
  func isClear(_ first: Scene.Object, _ second: Scene.Object, in size: ImageSize) -> Bool {
    abs(Self.distance(first, second, isAcross)) >= Self.margin(isAcross, in: size)
  }

  /// Fewer pixels between the middles of two objects are not called left, right, above or below.
  static func margin(_ isAcross: Bool, in size: ImageSize) -> Float {
    0.12 * Float(isAcross ? size.width : size.height)
  }

  /// From the middle of the second to that of the first, to the right or down, in pixels.
  static func distance(_ first: Scene.Object, _ second: Scene.Object, _ isAcross: Bool) -> Float {
    let (one, other) = (first.box.centre, second.box.centre)
    return isAcross ? one.x - other.x : one.y - other.y
  }
}
