/// What a scene shall show, before anything is placed.
struct ScenePlan {
  /// One thing.
  enum Part {
    case object(Int)
    case distractor
    case patch
  }

  /// The class that questions about numbers ask for.
  let featured: Int
  /// From the back to the front.
  let parts: [Part]
  /// Share of the scene that an object covers. It does not depend on the class, so that size tells
  /// nothing about it.
  let areas: ClosedRange<Float>

  /// How likely the featured class is there 0 to 4 times.
  private static let counts: [Float] = [0.18, 0.2, 0.22, 0.21, 0.19]
  /// How likely there is only one labelled object.
  private static let loneShare: Float = 0.17

  init(_ layout: SceneRecipe.Layout, kinds: Int, _ random: inout RandomStream) {
    let featured = random.integer(below: kinds)
    var repeats = 0
    var others: Int
    if layout.objects == 1 || random.chance(Self.loneShare) {
      repeats = random.chance(0.5) ? 1 : 0
      others = 1 - repeats
    } else {
      var left = random.uniform()
      while repeats < Self.counts.count - 1, left >= Self.counts[repeats] {
        left -= Self.counts[repeats]
        repeats += 1
      }
      repeats = min(repeats, layout.objects)
      others = random.integer(0...min(4, layout.objects - repeats))
      if repeats + others == 0 { others = 1 }
    }
    var parts = [Part](repeating: .object(featured), count: repeats)
    for _ in 0..<others {
      let other = random.integer(below: kinds - 1)
      parts.append(.object(other < featured ? other : other + 1))
    }
    let objects = parts.count
    if random.chance(Float(layout.distractors)) {
      parts += [Part](repeating: .distractor, count: random.integer(1...2))
    }
    if random.chance(Float(layout.patches)) {
      parts += [Part](repeating: .patch, count: random.integer(1...3))
    }
    self.featured = featured
    self.parts = random.shuffled(parts)
    areas = objects == 1 ? 0.03...0.5 : objects <= 3 ? 0.015...0.24 : 0.01...0.13
  }

  /// Where something begins along a side so that at most a third of it lies outside.
  static func start(of length: Int, in side: Int, _ random: inout RandomStream) -> Int {
    let outside = length / 3
    let last = side - length + outside
    return last < -outside ? (side - length) / 2 : random.integer(-outside...last)
  }
}

/// How one object is made: which cut-out, in which colours.
struct SceneMaking {
  let cutOut: Int
  /// The colour that the object shall have; nil where no single name fits.
  let colour: SceneColour?
  let tint: SceneTint

  init(_ kind: SceneMaterial.Kind, _ random: inout RandomStream) {
    if kind.isPainted, random.chance(SceneColourChances.paintedShare) {
      cutOut = random.integer(below: kind.cutOuts.count)
      let colour = random.pick(SceneColour.allCases) ?? .gray
      self.colour = colour
      tint = SceneTint(painting: colour, brightness: kind.cutOuts[cutOut].brightness)
      return
    }
    if random.chance(SceneColourChances.colourFirstShare),
      let members = random.pick(kind.byColour)
    {
      cutOut = random.pick(members.cutOuts) ?? 0
    } else {
      cutOut = random.integer(below: kind.cutOuts.count)
    }
    colour = kind.cutOuts[cutOut].colour
    tint = Self.jitter(&random)
  }

  /// Small changes of all colours.
  static func jitter(_ random: inout RandomStream) -> SceneTint {
    SceneTint(
      brightness: random.uniform(0.78...1.18), contrast: random.uniform(0.85...1.15),
      saturation: random.uniform(0.7...1.2), hue: random.uniform(-0.12...0.12))
  }
}
