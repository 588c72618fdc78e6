import JSONStream

extension JSONReader {
  /// Reads a value that may be `null`, which stands for none.
  mutating func optional<Value>(_ body: (inout JSONReader) throws -> Value) throws -> Value? {
    try takeNull() ? nil : try body(&self)
  }

  /// Reads 0, 1, true, false or null.
  mutating func flag() throws -> Bool {
    switch try peek() {
    case .boolean: return try boolean()
    case .null: return try !takeNull()
    default:
      let place = self.place()
      let value = try integer()
      guard value == 0 || value == 1 else {
        throw unexpected("0 or 1", found: "\(value)", at: place)
      }
      return value == 1
    }
  }

  /// Reads an object that holds certain lists, and passes over the rest.
  ///
  /// - Parameters:
  ///   - names: the lists that must be there.
  ///   - optional: further lists that may be there.
  ///   - format: what the object is, for errors.
  ///   - body: reads the list of the name it gets.
  mutating func lists(
    _ names: Set<String>, optional: Set<String> = [], of format: String,
    _ body: (inout JSONReader, String) throws -> Void
  ) throws {
    let start = place()
    let wanted = "\(format), an object with \(names.sorted().joined(separator: ", "))"
    guard try peek() == .object else {
      throw unexpected(wanted).advising("a list of predictions belongs to --predictions")
    }
    var missing = names
    var others: [String] = []
    try object { reader, key in
      others.append(key)
      if missing.remove(key) != nil || optional.contains(key) { return try body(&reader, key) }
      try reader.skip()
    }
    guard let name = missing.min() else { return }
    let found = others.isEmpty ? "none" : others.prefix(5).joined(separator: ", ")
    throw unexpected(wanted, found: "an object without \(name), only: \(found)", at: start)
  }

  /// Reads an id that must be among the known ones; any will do if they are nil.
  mutating func id(among known: Set<Int>?, of what: String) throws -> Int {
    let place = place()
    let id = try integer()
    guard known?.contains(id) ?? true else {
      throw unexpected("the id of a \(what) of the truth", found: "\(id)", at: place).advising(
        "score the predictions against the annotations of the same \(what)s")
    }
    return id
  }

  /// Reads an id that must not have occurred before.
  mutating func newID(_ known: inout Set<Int>) throws -> Int {
    let place = place()
    let id = try integer()
    guard known.insert(id).inserted else {
      throw unexpected("ids that occur once", found: "\(id) again", at: place)
        .advising("give every entry an id of its own")
    }
    return id
  }

  /// A member that an object must have.
  ///
  /// - Parameters:
  ///   - value: what was read, nil if the key did not occur.
  ///   - key: the member's name.
  ///   - start: where the object begins, in bytes.
  func required<Value>(_ value: Value?, _ key: String, at start: Int) throws -> Value {
    if let value { return value }
    throw unexpected("the key '\(key)'", found: "an object without it", at: start)
  }
}
