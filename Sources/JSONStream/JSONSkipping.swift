extension JSONReader {
  /// Passes over a value of any kind; everything but keys that occur twice is checked.
  public mutating func skip() throws {
    // One bit a level, the innermost lowest: whether it is an object.
    var objects: UInt64 = 0
    let outside = depth
    defer { depth = outside }
    while true {
      var isOpening = false
      switch try peek() {
      case .object, .array:
        guard depth < Self.depthLimit else { throw tooDeep() }
        let isObject = bytes[offset] == UInt8(ascii: "{")
        objects = objects << 1 | (isObject ? 1 : 0)
        depth += 1
        offset += 1
        isOpening = true
      case .string: _ = try skipString()
      case .number: _ = try numeral()
      case .boolean: _ = try boolean()
      case .null: _ = try takeNull()
      }
      // Close what ends here; then the next value comes, or there is none.
      while depth > outside {
        let isObject = objects & 1 != 0
        if take(isObject ? "}" : "]") {
          objects >>= 1
          depth -= 1
          isOpening = false
          continue
        }
        guard isOpening || take(",") else {
          throw failure(expected: isObject ? "',' or '}'" : "',' or ']'")
        }
        if isObject { try skipKey() }
        break
      }
      if depth == outside { return }
    }
  }

  private mutating func skipKey() throws {
    skipSpace()
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
      throw failure(expected: "a key in double quotes")
    }
    _ = try skipString()
    try expect(":")
  }
}
