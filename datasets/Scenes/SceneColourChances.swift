import Tensors

/// How likely the objects of a class are made for a colour and then have it, found by making some.
struct SceneColourChances {
  /// How often an object that may be painted is.
  static let paintedShare: Float = 0.5
  /// How often the colour is drawn before the cut-out.
  static let colourFirstShare: Float = 0.5
  /// Colours that are rarer than this are never asked for.
  private static let least: Float = 0.015
  /// How often each cut-out is tried.
  private static let trials = 12

  let chances: [SceneColour: Float]

  init(
    _ cutOuts: [CutOut], isPainted: Bool, byColour: [(colour: SceneColour, cutOuts: [Int])]
  ) {
    let painted = isPainted ? Self.paintedShare : 0
    let number = Float(cutOuts.count)
    var chances: [SceneColour: Float] = [:]
    for (index, cutOut) in cutOuts.enumerated() {
      var random = RandomStream(RandomKey(seed: UInt64(index)).folding("colours"))
      if let colour = cutOut.colour, let group = byColour.first(where: { $0.colour == colour }) {
        let first = Self.colourFirstShare / Float(byColour.count * group.cutOuts.count)
        let drawn = (1 - painted) * (first + (1 - Self.colourFirstShare) / number)
        let kept = (0..<Self.trials).count {
          _ in cutOut.colour(changedBy: SceneMaking.jitter(&random)) == colour
        }
        chances[colour, default: 0] += drawn * Float(kept) / Float(Self.trials)
      }
      guard isPainted else { continue }
      for colour in SceneColour.allCases {
        let tint = SceneTint(painting: colour, brightness: cutOut.brightness)
        guard cutOut.colour(changedBy: tint) == colour else { continue }
        chances[colour, default: 0] += painted / number / Float(SceneColour.allCases.count)
      }
    }
    self.chances = chances.filter { $0.value >= Self.least }
  }
}

extension CutOut {
  /// The colour of the whole, looked at from afar, once its colours are changed.
  fileprivate func colour(changedBy tint: SceneTint) -> SceneColour? {
    let level = levels.last { max($0.width, $0.height) >= 24 } ?? levels[0]
    var counts = ColourCounts()
    for start in stride(from: 0, to: level.pixels.count, by: 4) where level.pixels[start + 3] >= 128
    {
      let pixel = SIMD4<Int32>(
        Int32(level.pixels[start]), Int32(level.pixels[start + 1]), Int32(level.pixels[start + 2]),
        Int32(level.pixels[start + 3]))
      let changed = tint(pixel) &* 255 / pixel.w
      counts.add(
        red: UInt8(clamping: changed.x), green: UInt8(clamping: changed.y),
        blue: UInt8(clamping: changed.z))
    }
    return counts.name
  }
}
