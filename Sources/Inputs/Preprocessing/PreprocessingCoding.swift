/// A key of any name: finds those that do not belong where they stand.
private struct AnyKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// Fails for the first key, in alphabetical order, that is not one of `known`.
private func refuseUnknownKeys(
  _ decoder: any Decoder, known: [String], in place: String
) throws {
  let found = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
  for key in found where !known.contains(key) {
    throw refused(
      decoder, "\(place) has no key \"\(key)\"; its keys are \(known.joined(separator: ", "))")
  }
}

private func refused(_ decoder: any Decoder, _ words: String) -> DecodingError {
  .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: words))
}

/// Decodes one of the names of an enumeration, or says which there are.
private func choice<Choice: RawRepresentable & CaseIterable, Key: CodingKey>(
  _ values: KeyedDecodingContainer<Key>, _ key: Key, _ decoder: any Decoder
) throws -> Choice where Choice.RawValue == String {
  let name = try values.decode(String.self, forKey: key)
  if let choice = Choice(rawValue: name) { return choice }
  let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
  throw refused(decoder, "\(key.stringValue): expected one of \(names), found \"\(name)\"")
}

extension Preprocessing: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case resize, filter, crop, scale, mean, padding
    case standardDeviation = "standard_deviation"
  }

  /// Decodes strictly: every key must be known, every value in range. Filter, crop, scale and
  /// padding may be left out.
  public init(from decoder: any Decoder) throws {
    try refuseUnknownKeys(
      decoder, known: CodingKeys.allCases.map(\.rawValue), in: "the preprocessing")
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func channels(_ key: CodingKeys, _ isValid: (Float) -> Bool, _ range: String) throws -> [Float]
    {
      let found = try values.decode([Float].self, forKey: key)
      guard found.count == 3, found.allSatisfy({ $0.isFinite && isValid($0) }) else {
        throw refused(decoder, "\(key.rawValue): expected 3 \(range), found \(found)")
      }
      return found
    }
    func size(_ key: CodingKeys) throws -> ImageSize? {
      guard let size = try values.decodeIfPresent(ImageSize.self, forKey: key) else { return nil }
      if let words = Resize.objection(to: size) {
        throw refused(decoder, "\(key.rawValue): \(words)")
      }
      return size
    }
    let scale = try values.decodeIfPresent(Double.self, forKey: .scale)
    if let scale, !(scale > 0 && scale.isFinite) {
      throw refused(decoder, "scale: expected a number above 0, found \(scale)")
    }
    self.init(
      resize: try values.decode(Resize.self, forKey: .resize),
      filter: values.contains(.filter) ? try choice(values, .filter, decoder) : .bilinear,
      crop: try size(.crop), scale: scale,
      mean: try channels(.mean, { _ in true }, "numbers"),
      standardDeviation: try channels(.standardDeviation, { $0 > 0 }, "numbers above 0"),
      padding: try size(.padding))
  }

  /// Encodes every value that is set.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(resize, forKey: .resize)
    try values.encode(filter, forKey: .filter)
    try values.encodeIfPresent(crop, forKey: .crop)
    try values.encodeIfPresent(scale, forKey: .scale)
    try values.encode(mean, forKey: .mean)
    try values.encode(standardDeviation, forKey: .standardDeviation)
    try values.encodeIfPresent(padding, forKey: .padding)
  }
}

extension Preprocessing.Resize: Codable {
  private enum CodingKeys: String, CodingKey {
    case kind, width, height, short, rounding, divisor
    case longestMaximum = "longest_maximum"
  }

  private enum Kind: String, Codable, CaseIterable {
    case fixed, shortestSide, within, multipleOf, none
  }

  /// Decodes strictly: `kind` and just the values that belong to it.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let kind: Kind = try choice(values, .kind, decoder)
    func side(_ key: CodingKeys) throws -> Int {
      let found = try values.decode(Int.self, forKey: key)
      if let words = Self.objection(toSide: found) {
        throw refused(decoder, "\(key.rawValue): \(words)")
      }
      return found
    }
    func size() throws -> ImageSize {
      let size = ImageSize(width: try side(.width), height: try side(.height))
      if let words = Self.objection(to: size) { throw refused(decoder, "the resize: \(words)") }
      return size
    }
    func sides() throws -> (short: Int, longest: Int) {
      let (short, longest) = (try side(.short), try side(.longestMaximum))
      guard longest >= short else {
        throw refused(
          decoder, "longest_maximum: expected at least short, \(short), found \(longest)")
      }
      if let words = Self.objection(to: ImageSize(width: short, height: longest)) {
        throw refused(decoder, "the resize: \(words)")
      }
      return (short, longest)
    }
    func allow(_ keys: [CodingKeys]) throws {
      try refuseUnknownKeys(
        decoder, known: ["kind"] + keys.map(\.rawValue), in: "the resize \"\(kind.rawValue)\"")
    }
    switch kind {
    case .none:
      try allow([])
      self = .none
    case .fixed:
      try allow([.width, .height])
      let size = try size()
      self = .fixed(width: size.width, height: size.height)
    case .within:
      try allow([.width, .height])
      let size = try size()
      self = .within(width: size.width, height: size.height)
    case .shortestSide:
      try allow([.short, .longestMaximum, .rounding])
      guard values.contains(.longestMaximum) else {
        self = .shortestSide(short: try side(.short), longestMaximum: nil)
        return
      }
      let (short, longest) = try sides()
      self = .shortestSide(
        short: short, longestMaximum: longest, rounding: try choice(values, .rounding, decoder))
    case .multipleOf:
      try allow([.divisor, .short, .longestMaximum])
      let (short, longest) = try sides()
      let divisor = try side(.divisor)
      guard divisor <= short else {
        throw refused(decoder, "divisor: expected at most short, \(short), found \(divisor)")
      }
      self = .multipleOf(divisor: divisor, short: short, longestMaximum: longest)
    }
  }

  /// Encodes `kind` and the values that belong to it.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .none:
      try values.encode(Kind.none, forKey: .kind)
    case .fixed(let width, let height):
      try values.encode(Kind.fixed, forKey: .kind)
      try values.encode(width, forKey: .width)
      try values.encode(height, forKey: .height)
    case .shortestSide(let short, let longestMaximum, let rounding):
      try values.encode(Kind.shortestSide, forKey: .kind)
      try values.encode(short, forKey: .short)
      if let longestMaximum {
        try values.encode(longestMaximum, forKey: .longestMaximum)
        try values.encode(rounding, forKey: .rounding)
      }
    case .within(let width, let height):
      try values.encode(Kind.within, forKey: .kind)
      try values.encode(width, forKey: .width)
      try values.encode(height, forKey: .height)
    case .multipleOf(let divisor, let short, let longestMaximum):
      try values.encode(Kind.multipleOf, forKey: .kind)
      try values.encode(divisor, forKey: .divisor)
      try values.encode(short, forKey: .short)
      try values.encode(longestMaximum, forKey: .longestMaximum)
    }
  }
}

extension Preprocessing.Resize {
  /// What is wrong with a side, or nil.
  static func objection(toSide side: Int) -> String? {
    (1...30_000).contains(side) ? nil : "expected 1 to 30000 pixels, found \(side)"
  }

  /// What is wrong with a size, or nil.
  static func objection(to size: ImageSize) -> String? {
    objection(toSide: size.width) ?? objection(toSide: size.height)
      ?? (size.width * size.height <= mostPixels
        ? nil : "expected at most 16 million pixels, found \(size)")
  }
}
