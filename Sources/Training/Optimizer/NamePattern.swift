/// A pattern for parameter names: `*` stands for any run of characters, `?` for one.
public struct NamePattern: Sendable, Hashable, CustomStringConvertible {
  /// The pattern as it was written.
  public let description: String
  private let bytes: [UInt8]

  /// A pattern such as `*.bias` or `backbone.*`; it must match the whole name.
  public init(_ pattern: String) {
    description = pattern
    bytes = Array(pattern.utf8)
  }

  /// Whether the whole name matches.
  public func matches(_ name: String) -> Bool {
    let name = Array(name.utf8)
    var position = 0
    var next = 0
    // Where to go on after a mismatch: let the last star swallow one more character.
    var star: (pattern: Int, name: Int)?
    while position < name.count {
      if next < bytes.count, bytes[next] == UInt8(ascii: "*") {
        star = (next, position)
        next += 1
      } else if next < bytes.count,
        bytes[next] == UInt8(ascii: "?") || bytes[next] == name[position]
      {
        next += 1
        position += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        next = last.pattern + 1
        position = last.name + 1
      } else {
        return false
      }
    }
    return bytes[next...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
