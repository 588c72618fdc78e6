import Inputs

/// What a scene is made of, from the back to the front.
package struct SceneComposition: Sendable {
  /// One thing that lies on the background.
  struct Item: Sendable {
    let layer: SceneLayer
    let x: Int
    let y: Int
    let role: Role
    /// Pixels that it showed when it was laid down, or would have shown had nothing been outside:
    /// what is laid over it leaves a part of these.
    let area: Int
  }

  /// What a thing is for the questions.
  enum Role: Sendable {
    /// Labelled. `meant` is the colour it was made for, `mayAskColour` whether the questions about
    /// its class's colours stay balanced if it is asked for.
    case object(classIndex: Int, meant: SceneColour?, mayAskColour: Bool)
    /// A cut-out without a label.
    case distractor
    /// A piece of another background.
    case patch
  }

  /// The class that questions about numbers ask for.
  let featured: Int
  var items: [Item] = []
  var canvas: SceneCanvas

  /// Number of things on the background.
  package var count: Int { items.count }

  /// The number of the class of a thing; nil where it has no label.
  package func classIndex(of item: Int) -> Int? {
    if case .object(let index, _, _) = items[item].role { index } else { nil }
  }

  /// The scene with one thing white and everything else black: how much of the thing is seen at each
  /// pixel, computed anew from the layers alone.
  package func matte(of item: Int) -> Image {
    let black = Image(
      width: canvas.size.width, height: canvas.size.height, filledWith: (0, 0, 0))
    var canvas = SceneCanvas(background: black)
    for (number, other) in items.enumerated() {
      canvas.lay(
        other.layer.painted(white: number == item), x: other.x, y: other.y,
        number: UInt8(number + 1))
    }
    return canvas.image
  }
}
