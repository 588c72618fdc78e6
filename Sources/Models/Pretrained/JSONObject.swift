import Foundation

/// A table of a JSON file whose entries are read one by one, each with a worded error.
///
/// For files that other programs write and that hold more than is needed, such as Hugging Face's
/// `config.json`; this program's own configurations are decoded strictly.
public struct JSONObject {
  /// The file, for error messages.
  public let file: String
  /// Names of the entries that lead here, joined by dots; empty for the whole file.
  public let path: String
  private let values: [String: Any]

  /// Reads a file.
  ///
  /// - Throws: `ConfigurationError.missing`, `.malformed`.
  public init(contentsOf file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ConfigurationError.missing(file: file)
    }
    try self.init(data, file: file)
  }

  /// Reads JSON text.
  ///
  /// - Throws: `ConfigurationError.malformed`.
  public init(_ data: Data, file: String) throws {
    guard let document = try? JSONSerialization.jsonObject(with: data) else {
      throw ConfigurationError.malformed(
        file: file, reason: "the file is not valid JSON; check its syntax.")
    }
    guard let values = document as? [String: Any] else {
      throw ConfigurationError.malformed(
        file: file, reason: "the file should be a table { … }, it is another kind of JSON.")
    }
    self.init(values, file: file, path: "")
  }

  private init(_ values: [String: Any], file: String, path: String) {
    self.file = file
    self.path = path
    // An entry that is null means the same as none.
    self.values = values.filter { !($0.value is NSNull) }
  }

  /// The names of all entries that are not null, in alphabetical order.
  public var keys: [String] { values.keys.sorted() }

  /// Whether there is such an entry, and it is not null.
  public func has(_ key: String) -> Bool { values[key] != nil }

  /// A whole number; `standard` where there is no entry.
  public func int(_ key: String, _ standard: Int? = nil) throws -> Int {
    try value(key, standard, "a whole number") {
      number($0).flatMap { Int(exactly: $0.doubleValue) }
    }
  }

  /// A number; `standard` where there is no entry.
  public func float(_ key: String, _ standard: Float? = nil) throws -> Float {
    try value(key, standard, "a number") { number($0)?.floatValue }
  }

  /// True or false; `standard` where there is no entry.
  public func bool(_ key: String, _ standard: Bool? = nil) throws -> Bool {
    try value(key, standard, "true or false") {
      ($0 as? NSNumber).flatMap { isBoolean($0) ? $0.boolValue : nil }
    }
  }

  /// A text; `standard` where there is no entry.
  public func string(_ key: String, _ standard: String? = nil) throws -> String {
    try value(key, standard, "a text") { $0 as? String }
  }

  /// A list of whole numbers; `standard` where there is no entry.
  public func ints(_ key: String, _ standard: [Int]? = nil) throws -> [Int] {
    try value(key, standard, "a list of whole numbers") {
      list($0) { number($0).flatMap { Int(exactly: $0.doubleValue) } }
    }
  }

  /// A list of texts; `standard` where there is no entry.
  public func strings(_ key: String, _ standard: [String]? = nil) throws -> [String] {
    try value(key, standard, "a list of texts") { list($0) { $0 as? String } }
  }

  /// The table of this name, or nil where there is no entry.
  public func object(_ key: String) throws -> JSONObject? {
    guard values[key] != nil else { return nil }
    let entries = try value(key, nil, "a table") { $0 as? [String: Any] }
    return JSONObject(entries, file: file, path: full(key))
  }

  /// An error about an entry of this table.
  ///
  /// - Parameters:
  ///   - expected: what it should be, as in "'x' should be …".
  public func invalid(_ key: String, expected: String, found: String? = nil) -> ConfigurationError {
    .invalid(
      file: file, key: full(key), expected: expected,
      found: found ?? values[key].map(Self.words) ?? "nothing")
  }

  /// A whole number in a range; `standard` where there is no entry.
  public func int(_ key: String, _ standard: Int? = nil, in range: ClosedRange<Int>) throws -> Int {
    let value = try int(key, standard)
    guard range.contains(value) else {
      throw invalid(key, expected: "in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  /// Refuses every value of an entry but one, for settings that change the network in ways that
  /// this program does not know; no entry means that value.
  public func require(_ key: String, _ only: String) throws {
    let found = try string(key, only)
    if found != only { throw invalid(key, expected: "'\(only)'", found: "'\(found)'") }
  }

  private func value<Value>(
    _ key: String, _ standard: Value?, _ kind: String, _ read: (Any) -> Value?
  ) throws -> Value {
    guard let given = values[key] else {
      if let standard { return standard }
      throw ConfigurationError.malformed(file: file, reason: "the entry '\(full(key))' is missing.")
    }
    guard let value = read(given) else { throw invalid(key, expected: kind) }
    return value
  }

  private func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private static func words(_ value: Any) -> String {
    switch value {
    case let text as String: "'\(text.prefix(60))'"
    case let number as NSNumber:
      isBoolean(number) ? (number.boolValue ? "true" : "false") : "\(number)"
    case is [Any]: "a list"
    default: "a table"
    }
  }
}

// JSON's true and false arrive as numbers of the C type `char`, which no number of JSON has.
private func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }

private func number(_ value: Any) -> NSNumber? {
  (value as? NSNumber).flatMap { isBoolean($0) ? nil : $0 }
}

private func list<Element>(_ value: Any, _ read: (Any) -> Element?) -> [Element]? {
  guard let values = value as? [Any] else { return nil }
  let elements = values.compactMap(read)
  return elements.count == values.count ? elements : nil
}
