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
    case resize, filter, mean
    case standardDeviation = "standard_deviation"
  }

  /// Decodes strictly: every key must be known, every value in range. The filter may be left out.
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
    self.init(
      resize: try values.decode(Resize.self, forKey: .resize),
      filter: values.contains(.filter) ? try choice(values, .filter, decoder) : .bilinear,
      mean: try channels(.mean, { _ in true }, "numbers"),
      standardDeviation: try channels(.standardDeviation, { $0 > 0 }, "numbers above 0"))
  }

  /// Encodes every value.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(resize, forKey: .resize)
    try values.encode(filter, forKey: .filter)
    try values.encode(mean, forKey: .mean)
    try values.encode(standardDeviation, forKey: .standardDeviation)
  }
}

extension Preprocessing.Resize: Codable {
  private enum CodingKeys: String, CodingKey {
    case kind, width, height, short, rounding
    case longestMaximum = "longest_maximum"
  }

  private enum Kind: String, Codable, CaseIterable { case fixed, shortestSide, none }

  /// Decodes strictly: `kind` and just the values that belong to it.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let kind: Kind = try choice(values, .kind, decoder)
    func side(_ key: CodingKeys) throws -> Int {
      let found = try values.decode(Int.self, forKey: key)
      guard (1...30_000).contains(found) else {
        throw refused(decoder, "\(key.rawValue): expected 1 to 30000 pixels, found \(found)")
      }
      return found
    }
    // What the network sees is held as floats, and its features many times over.
    func limit(_ width: Int, _ height: Int) throws {
      guard width * height <= 1 << 24 else {
        throw refused(
          decoder, "the resize: expected at most 16 million pixels, found \(width) x \(height)")
      }
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
      let (width, height) = (try side(.width), try side(.height))
      try limit(width, height)
      self = .fixed(width: width, height: height)
    case .shortestSide:
      try allow([.short, .longestMaximum, .rounding])
      let short = try side(.short)
      let longest = try side(.longestMaximum)
      guard longest >= short else {
        throw refused(
          decoder, "longest_maximum: expected at least short, \(short), found \(longest)")
      }
      try limit(short, longest)
      self = .shortestSide(
        short: short, longestMaximum: longest, rounding: try choice(values, .rounding, decoder))
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
      try values.encode(longestMaximum, forKey: .longestMaximum)
      try values.encode(rounding, forKey: .rounding)
    }
  }
}
