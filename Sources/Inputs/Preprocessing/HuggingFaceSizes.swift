extension Preprocessing {
  /// The rule that `size` and its companions ask for, and the crop that `crop_pct` brings.
  static func resize(
    _ fields: PreprocessorFields, _ processor: HuggingFaceProcessor
  ) throws -> (rule: Resize, crop: ImageSize?) {
    if try fields.boolean("do_resize") == false { return (.none, nil) }
    let rule = processor.sizeRule
    for (key, owner) in [
      ("max_size", HuggingFaceProcessor.SizeRule.bothEdges), ("size_divisor", .divisible),
      ("crop_pct", .cropPercentage),
    ] where rule != owner && fields.contains(key) {
      throw fields.invalid(key, expected: "left out for \(processor.rawValue)ImageProcessor")
    }
    switch rule {
    case .bothEdges: return (try bothEdges(fields, processor), nil)
    case .divisible: return (try divisible(fields), nil)
    case .square:
      guard fields.contains("size") else { return (processor.defaultResize, nil) }
      return (try fixed(fields), nil)
    case .cropPercentage: return try cropPercentage(fields)
    case .shortestEdge: return (try shortestEdge(fields, processor), nil)
    }
  }

  private static func bothEdges(
    _ fields: PreprocessorFields, _ processor: HuggingFaceProcessor
  ) throws -> Resize {
    guard fields.contains("size") else { return processor.defaultResize }
    guard let size = fields.table("size") else {
      guard let short = try fields.side("size") else { return processor.defaultResize }
      let longest = try fields.side("max_size") ?? 1333
      return try shortestSide(fields, "size", short, longest)
    }
    switch Set(size.keys) {
    case ["shortest_edge", "longest_edge"]:
      let short = try size.required("shortest_edge")
      let longest = try size.required("longest_edge")
      if let other = try fields.side("max_size"), other != longest {
        throw fields.invalid("max_size", expected: "\(longest), as 'size.longest_edge' says")
      }
      return try shortestSide(size, "longest_edge", short, longest)
    case ["max_height", "max_width"]:
      let most = try fields.checked(size.bothSides("max_height", "max_width"), "size")
      return .within(width: most.width, height: most.height)
    case ["height", "width"]: return try fixed(fields)
    default:
      throw fields.invalid(
        "size",
        expected: "{shortest_edge, longest_edge}, {max_height, max_width} or {height, width}")
    }
  }

  private static func shortestSide(
    _ fields: PreprocessorFields, _ key: String, _ short: Int, _ longest: Int
  ) throws -> Resize {
    guard longest >= short else {
      throw fields.invalid(
        key, expected: "a longest edge of at least the shortest one, \(short)",
        found: "\(longest)")
    }
    _ = try fields.checked(ImageSize(width: short, height: longest), key)
    return .shortestSide(short: short, longestMaximum: longest, rounding: .huggingFace)
  }

  private static func divisible(_ fields: PreprocessorFields) throws -> Resize {
    let divisor = try fields.side("size_divisor") ?? 32
    let short = try shortest(fields) ?? 384
    guard divisor <= short else {
      throw fields.invalid("size_divisor", expected: "at most the shortest edge, \(short)")
    }
    return .multipleOf(
      divisor: divisor, short: short, longestMaximum: try viltLongest(fields, short))
  }

  // ViLT bounds the longer side by the proportion of DETR's sizes.
  private static func viltLongest(_ fields: PreprocessorFields, _ short: Int) throws -> Int {
    let longest = Int(1333.0 / 800 * Double(short))
    _ = try fields.checked(ImageSize(width: short, height: longest), "size")
    return longest
  }

  private static func cropPercentage(
    _ fields: PreprocessorFields
  ) throws -> (rule: Resize, crop: ImageSize?) {
    let short = try shortest(fields) ?? 384
    let expected = "a number above 0, at most 1"
    let part = try fields.number("crop_pct", from: .leastNonzeroMagnitude, expected: expected)
    if let part, part > 1 { throw fields.invalid("crop_pct", expected: expected) }
    let square = try fields.checked(ImageSize(width: short, height: short), "size")
    if short >= 384 { return (.fixed(width: short, height: short), nil) }
    let whole = Double(short) / (part ?? 224.0 / 256)
    guard whole <= 30_000 else {
      throw fields.invalid("crop_pct", expected: "a part that leaves at most 30000 pixels")
    }
    return (.shortestSide(short: Int(whole), longestMaximum: nil), square)
  }

  private static func shortestEdge(
    _ fields: PreprocessorFields, _ processor: HuggingFaceProcessor
  ) throws -> Resize {
    if let size = fields.table("size"), Set(size.keys) == ["height", "width"] {
      return try fixed(fields)
    }
    return try shortest(fields).map { .shortestSide(short: $0, longestMaximum: nil) }
      ?? processor.defaultResize
  }

  /// `{"shortest_edge"}`, or a number.
  private static func shortest(_ fields: PreprocessorFields) throws -> Int? {
    guard let size = fields.table("size") else { return try fields.side("size") }
    guard size.keys == ["shortest_edge"] else {
      throw fields.invalid("size", expected: "a number of pixels or {shortest_edge}")
    }
    return try size.required("shortest_edge")
  }

  private static func fixed(_ fields: PreprocessorFields) throws -> Resize {
    guard let size = try fields.exactSize("size") else {
      throw fields.invalid("size", expected: "a number of pixels or {height, width}")
    }
    return .fixed(width: size.width, height: size.height)
  }
}

extension PreprocessorFields {
  /// A length in pixels that must be there.
  func required(_ key: String) throws -> Int {
    guard let side = try side(key) else { throw invalid(key, expected: "1 to 30000 pixels") }
    return side
  }

  /// Two lengths in pixels.
  func bothSides(_ height: String, _ width: String) throws -> ImageSize {
    ImageSize(width: try required(width), height: try required(height))
  }

  /// The size itself, unless it has too many pixels.
  func checked(_ size: ImageSize, _ key: String) throws -> ImageSize {
    guard Preprocessing.Resize.objection(to: size) == nil else {
      throw invalid(key, expected: "at most 16 million pixels", found: "\(size)")
    }
    return size
  }

  /// `{"height", "width"}`, or one number for both.
  func exactSize(_ key: String) throws -> ImageSize? {
    guard contains(key) else { return nil }
    if let table = table(key) {
      guard Set(table.keys) == ["height", "width"] else {
        throw invalid(key, expected: "a number of pixels or {height, width}")
      }
      return try checked(table.bothSides("height", "width"), key)
    }
    let side = try required(key)
    return try checked(ImageSize(width: side, height: side), key)
  }
}
