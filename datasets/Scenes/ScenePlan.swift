import Inputs

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
  /// Of the picture.
  let size: ImageSize
  /// Whether its labelled objects are very large.
  let isCloseUp: Bool
  /// Number of labelled objects.
  let objects: Int

  /// How likely the featured class is there 0 to 4 times.
  private static let counts: [Float] = [0.18, 0.2, 0.22, 0.21, 0.19]
  /// How likely there is only one labelled object.
  private static let loneShare: Float = 0.17

  /// The most pixels of a scene for a pixel of a file, along a side: more would show the pixels.
  static let largestScale: Float = 3

  init(_ layout: SceneRecipe.Layout, kinds: Int, _ random: inout RandomStream) {
    // Nothing is drawn for what a recipe does not ask for, so that older recipes keep their bytes.
    size =
      layout.aspect < 1
      ? Self.size(layout, &random) : ImageSize(width: layout.size, height: layout.size)
    isCloseUp = layout.closeUps > 0 && random.chance(Float(layout.closeUps))
    let featured = random.integer(below: kinds)
    let (repeats, others) =
      isCloseUp
      ? Self.closeUpNumbers(layout, &random) : Self.numbers(layout, &random)
    var parts = [Part](repeating: .object(featured), count: repeats)
    for _ in 0..<others {
      let other = random.integer(below: kinds - 1)
      parts.append(.object(other < featured ? other : other + 1))
    }
    objects = parts.count
    var rest: [Part] = []
    if random.chance(Float(layout.distractors)) {
      rest += [Part](repeating: .distractor, count: random.integer(1...2))
    }
    if random.chance(Float(layout.patches)) {
      rest += [Part](repeating: .patch, count: random.integer(1...3))
    }
    self.featured = featured
    // What is very large would hide what was there before.
    self.parts =
      isCloseUp ? random.shuffled(parts) + random.shuffled(rest) : random.shuffled(parts + rest)
    areas =
      isCloseUp
      ? 0.01...0.06 : objects == 1 ? 0.03...0.5 : objects <= 3 ? 0.015...0.24 : 0.01...0.13
  }

  /// How many objects of the featured class and of others there are.
  private static func numbers(
    _ layout: SceneRecipe.Layout, _ random: inout RandomStream
  ) -> (repeats: Int, others: Int) {
    var repeats = 0
    guard layout.objects > 1, !random.chance(loneShare) else {
      repeats = random.chance(0.5) ? 1 : 0
      return (repeats, 1 - repeats)
    }
    var left = random.uniform()
    while repeats < counts.count - 1, left >= counts[repeats] {
      left -= counts[repeats]
      repeats += 1
    }
    repeats = min(repeats, layout.objects)
    let others = random.integer(0...min(4, layout.objects - repeats))
    return (repeats, repeats + others == 0 ? 1 : others)
  }

  /// The same for a close-up.
  private static func closeUpNumbers(
    _ layout: SceneRecipe.Layout, _ random: inout RandomStream
  ) -> (repeats: Int, others: Int) {
    let objects = layout.objects > 1 && random.chance(SceneCloseUp.pairShare) ? 2 : 1
    let repeats = random.integer(0...objects)
    return (repeats, objects - repeats)
  }

  /// A size whose longer side is the recipe's.
  private static func size(
    _ layout: SceneRecipe.Layout, _ random: inout RandomStream
  ) -> ImageSize {
    let (longer, bound) = (Float(layout.size), Float(layout.aspect))
    let ratio = random.logUniform(bound...1 / bound)
    let shorter = Int(max(longer * min(ratio, 1 / ratio), (longer * bound).rounded(.up)))
    return ratio < 1
      ? ImageSize(width: shorter, height: layout.size)
      : ImageSize(width: layout.size, height: shorter)
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
