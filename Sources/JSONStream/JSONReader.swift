/// Reads JSON from front to back without building it in memory: the caller says what should come
/// next, and skips what it does not want.
///
/// Strict RFC 8259: UTF-8 without errors, no surrogate halves, no control characters in strings, no
/// leading zeros, no comments, no NaN, nothing after the value. A byte order mark at the start is
/// passed over. Objects whose members are read must not hold a key twice (skipped ones are not
/// examined for that), and nothing may nest deeper than 64 levels.
///
/// ```swift
/// let sizes = try JSONFile(path: "sizes.json").read { reader in
///   var sizes: [Double] = []
///   try reader.array { reader, _ in sizes.append(try reader.double()) }
///   return sizes
/// }
/// ```
public struct JSONReader {
  /// The kinds of values.
  public enum Kind: String, Sendable {
    /// `{...}`
    case object = "an object"
    /// `[...]`
    case array = "an array"
    /// `"..."`
    case string = "a string"
    /// Digits.
    case number = "a number"
    /// `true` or `false`.
    case boolean = "true or false"
    /// `null`
    case null = "null"
  }

  /// How deep objects and arrays may nest.
  public static let depthLimit = 64

  /// The file, or what stands for one.
  public let file: String
  let bytes: UnsafeRawBufferPointer
  /// The next byte to read.
  var offset = 0
  var depth = 0
  private var keys: [String] = []

  init(_ bytes: UnsafeRawBufferPointer, file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// Reads the one value that the bytes must hold.
  ///
  /// - Parameters:
  ///   - bytes: the whole document.
  ///   - file: what errors call it.
  ///   - body: reads exactly one value.
  /// - Throws: `JSONError`, and what `body` throws.
  public static func read<Value>(
    _ bytes: UnsafeRawBufferPointer, file: String, _ body: (inout JSONReader) throws -> Value
  ) throws -> Value {
    var reader = JSONReader(bytes, file: file)
    reader.skipByteOrderMark()
    let value = try body(&reader)
    guard reader.isAtEnd else { throw reader.failure(expected: "nothing after the value") }
    return value
  }

  /// Whether only white space is left. Lines of JSON are read by going on until then.
  public var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return offset == bytes.count
    }
  }

  /// Where the next value begins, in bytes from the start of the file.
  public mutating func place() -> Int {
    skipSpace()
    return offset
  }

  /// The kind of the next value.
  ///
  /// - Throws: `JSONError` where no value begins.
  public mutating func peek() throws -> Kind {
    skipSpace()
    guard offset < bytes.count else { throw failure(expected: "a value") }
    switch bytes[offset] {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    default: throw failure(expected: "a value")
    }
  }

  /// Reads an object.
  ///
  /// - Parameter body: gets each key and must read or `skip()` the value that belongs to it.
  /// - Throws: `JSONError`, and what `body` throws.
  public mutating func object(_ body: (inout JSONReader, String) throws -> Void) throws {
    try open("{", .object)
    let first = keys.count
    var seen: Set<String>?
    defer {
      keys.removeSubrange(first...)
      depth -= 1
    }
    if take("}") { return }
    repeat {
      skipSpace()
      let start = offset
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
        throw failure(expected: "a key in double quotes")
      }
      let key = try string()
      if keys.count - first == 16, seen == nil { seen = Set(keys[first...]) }
      guard seen?.insert(key).inserted ?? !keys[first...].contains(key) else {
        throw failure(
          expected: "every key once", found: "the key '\(key.prefix(40))' again", at: start)
      }
      if seen == nil { keys.append(key) }
      try expect(":")
      do { try body(&self, key) } catch let error as JSONError { throw error.within(.key(key)) }
    } while take(",")
    guard take("}") else { throw failure(expected: "',' or '}'") }
  }

  /// Reads an array.
  ///
  /// - Parameter body: gets each position and must read or `skip()` the element there.
  /// - Throws: `JSONError`, and what `body` throws.
  public mutating func array(_ body: (inout JSONReader, Int) throws -> Void) throws {
    try open("[", .array)
    defer { depth -= 1 }
    if take("]") { return }
    var index = 0
    repeat {
      do { try body(&self, index) } catch let error as JSONError {
        throw error.within(.index(index))
      }
      index += 1
    } while take(",")
    guard take("]") else { throw failure(expected: "',' or ']'") }
  }

  /// Reads `true` or `false`.
  public mutating func boolean() throws -> Bool {
    try expect(.boolean)
    let isTrue = bytes[offset] == UInt8(ascii: "t")
    try word(isTrue ? "true" : "false")
    return isTrue
  }

  /// Takes a `null` if it comes next.
  public mutating func takeNull() throws -> Bool {
    guard try peek() == .null else { return false }
    try word("null")
    return true
  }

  private mutating func open(_ mark: Unicode.Scalar, _ kind: Kind) throws {
    try expect(kind)
    guard depth < Self.depthLimit else { throw tooDeep() }
    depth += 1
    offset += 1
  }

  /// Goes to the next value, which must be of the kind.
  mutating func expect(_ kind: Kind) throws {
    guard try peek() == kind else { throw unexpected(kind.rawValue) }
  }

  func tooDeep() -> JSONError {
    failure(expected: "at most \(Self.depthLimit) levels of nesting", found: "more", at: offset)
  }

  mutating func word(_ word: StaticString) throws {
    let end = offset + word.utf8CodeUnitCount
    guard end <= bytes.count,
      word.withUTF8Buffer({ bytes[offset..<end].elementsEqual($0) })
    else { throw failure(expected: "a value") }
    offset = end
  }
}
