import Recipes

extension PictureAugmentation {
  /// Reads a task's `augment`: the name of a preset, or keys and values.
  ///
  ///     augment: detr
  ///     augment: {flip: true, shift: 8}
  ///     augment:
  ///       flip: true
  ///       detr: {short: [480, 800], longest: 1333, crop: {short: [400], least: 384, most: 600}}
  ///       colour: {brightness: 0.2, saturation: [0.8, 1.1], hue: 0.05}
  init(_ task: RecipeFields) throws {
    enum Preset: String, CaseIterable { case detr }
    if case .scalar = task.value("augment")?.content {
      // One preset so far.
      _ = try task.choice("augment", Preset.self)
      self = .detr
      return
    }
    let fields = try task.fields("augment", known: ["flip", "shift", "detr", "colour"])
    self.init(
      flips: try fields?.boolean("flip") ?? false,
      shift: try fields?.integer("shift", in: 0...4096) ?? 0,
      multiScale: try fields?.fields("detr", known: ["short", "longest", "crop"])
        .map(MultiScale.init),
      colour: try fields?.fields("colour", known: ColourJitter.keys).map(ColourJitter.init))
  }
}

extension MultiScale {
  /// Sides in pixels that a picture may get.
  private static let sides = 1...8192

  init(_ fields: RecipeFields) throws {
    let short = try fields.integers("short", in: Self.sides) ?? Self.shortOfDETR
    let longest = try fields.integer("longest", in: Self.sides) ?? 1333
    if let most = short.max(), most > longest {
      throw fields.failure("longest", "is \(longest), shorter than the shorter side of \(most)")
    }
    let crop = try fields.fields("crop", known: ["short", "least", "most"])
    self.init(short: short, longest: longest, crop: try crop.map(Crop.init))
  }
}

extension MultiScale.Crop {
  init(_ fields: RecipeFields) throws {
    let usual = Self()
    let least = try fields.integer("least", in: 1...8192) ?? usual.least
    let most = try fields.integer("most", in: 1...8192) ?? usual.most
    guard least <= most else {
      throw fields.failure("most", "is \(most), less than 'least', \(least)")
    }
    self.init(
      short: try fields.integers("short", in: 1...8192) ?? usual.short, least: least, most: most)
  }
}

extension ColourJitter {
  static let keys = ["brightness", "contrast", "saturation", "hue", "even_named"]

  init(_ fields: RecipeFields) throws {
    func range(_ key: String, around middle: Double, in bounds: ClosedRange<Double>) throws
      -> ClosedRange<Double>
    {
      // One number is how far it goes to both sides, as torchvision has it.
      if case .scalar = fields.value(key)?.content,
        let reach = try fields.number(key, in: 0...bounds.upperBound)
      {
        return max(bounds.lowerBound, middle - reach)...middle + reach
      }
      guard let ends = try fields.numbers(key, count: 2, in: bounds) else {
        return middle...middle
      }
      guard ends[0] <= ends[1] else {
        throw fields.failure(key, "goes from \(ends[0]) down to \(ends[1])")
      }
      return ends[0]...ends[1]
    }
    self.init(
      brightness: try range("brightness", around: 1, in: 0...10),
      contrast: try range("contrast", around: 1, in: 0...10),
      saturation: try range("saturation", around: 1, in: 0...10),
      hue: try range("hue", around: 0, in: -0.5...0.5),
      evenNamed: try fields.boolean("even_named") ?? false)
  }
}
