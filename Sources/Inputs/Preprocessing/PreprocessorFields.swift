import Foundation

/// The entries of a `preprocessor_config.json`, read with the words that a mistake in it needs.
///
/// An entry that is null counts as not given: the newer processors write every entry they know.
struct PreprocessorFields {
  /// A JSON value.
  enum Value: Decodable {
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([Value])
    case table([String: Value])
    case null

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let boolean = try? value.decode(Bool.self) {
        self = .boolean(boolean)
      } else if let number = try? value.decode(Double.self) {
        self = .number(number)
      } else if let text = try? value.decode(String.self) {
        self = .text(text)
      } else if let list = try? value.decode([Value].self) {
        self = .list(list)
      } else {
        self = .table(try value.decode([String: Value].self))
      }
    }
  }

  let file: String
  /// What stands before the names in messages, such as `size.`.
  let prefix: String
  private let values: [String: Value]

  /// The entries of a file.
  ///
  /// - Throws: `PreprocessorFileError.malformed` for anything but a JSON object.
  init(_ data: Data, file: String) throws {
    guard let values = try? JSONDecoder().decode([String: Value].self, from: data) else {
      throw PreprocessorFileError.malformed(file: file)
    }
    self.init(values, file: file, prefix: "")
  }

  private init(_ values: [String: Value], file: String, prefix: String) {
    self.values = values.filter { if case .null = $0.value { false } else { true } }
    self.file = file
    self.prefix = prefix
  }

  /// Whether there is such an entry.
  func contains(_ key: String) -> Bool { values[key] != nil }

  /// Fails for the first entry, by name, that is neither known nor harmless.
  func refuse(allBut known: [String], harmless: Set<String> = []) throws {
    for key in values.keys.sorted() where !known.contains(key) && !harmless.contains(key) {
      throw PreprocessorFileError.unknownKey(file: file, key: prefix + key, known: known)
    }
  }

  /// True or false.
  func boolean(_ key: String) throws -> Bool? {
    switch values[key] {
    case nil: return nil
    case .boolean(let value): return value
    default: throw invalid(key, expected: "true or false")
    }
  }

  /// A text.
  func text(_ key: String) throws -> String? {
    switch values[key] {
    case nil: return nil
    case .text(let value): return value
    default: throw invalid(key, expected: "a text")
    }
  }

  /// A number in the range.
  func number(_ key: String, from least: Double, expected: String) throws -> Double? {
    guard contains(key) else { return nil }
    if case .number(let value) = values[key], value >= least, value.isFinite { return value }
    throw invalid(key, expected: expected)
  }

  /// A length in pixels.
  func side(_ key: String) throws -> Int? {
    guard contains(key) else { return nil }
    if let side = whole(key), Preprocessing.Resize.objection(toSide: side) == nil { return side }
    throw invalid(key, expected: "1 to 30000 pixels")
  }

  /// A whole number of any size, or nil where the entry is something else.
  func whole(_ key: String) -> Int? {
    if case .number(let value) = values[key] { Int(exactly: value) } else { nil }
  }

  /// One number for each channel; a single one stands for all three.
  func channels(_ key: String, above least: Float = -.infinity, expected: String) throws -> [Float]?
  {
    let found: [Float]
    switch values[key] {
    case nil: return nil
    case .number(let value): found = [Float](repeating: Float(value), count: 3)
    case .list(let list):
      found = list.compactMap { if case .number(let value) = $0 { Float(value) } else { nil } }
      if found.count != list.count { throw invalid(key, expected: expected) }
    default: throw invalid(key, expected: expected)
    }
    guard found.count == 3, found.allSatisfy({ $0.isFinite && $0 > least }) else {
      throw invalid(key, expected: expected)
    }
    return found
  }

  /// The entries of a table, or nil where the entry is something else.
  func table(_ key: String) -> PreprocessorFields? {
    guard case .table(let entries) = values[key] else { return nil }
    return PreprocessorFields(entries, file: file, prefix: prefix + key + ".")
  }

  /// The names of the entries.
  var keys: [String] { values.keys.sorted() }

  /// The error for an entry, which says what was found.
  func invalid(_ key: String, expected: String, found: String? = nil) -> PreprocessorFileError {
    .invalid(
      file: file, key: prefix + key, expected: expected,
      found: found ?? values[key].map(Self.words) ?? "nothing")
  }

  private static func words(_ value: Value) -> String {
    switch value {
    case .boolean(let value): "\(value)"
    case .number(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
    case .text(let value): "'\(value.prefix(100))'"
    case .list(let list): "[" + list.prefix(8).map(words).joined(separator: ", ") + "]"
    case .table(let entries):
      "{" + entries.keys.sorted().prefix(8).joined(separator: ", ") + "}"
    case .null: "null"
    }
  }
}
