import Foundation
import Yams

/// A recipe as a tree in which every value knows where it was written.
package struct RecipeTree: Sendable {
  /// What a value is.
  package enum Content: Sendable {
    /// A text, a number, a truth value or nothing; `isPlain` when it stood without quotes.
    case scalar(String, isPlain: Bool)
    case sequence([RecipeTree])
    case mapping([Entry])
  }

  /// A key with its value.
  package struct Entry: Sendable {
    package let key: String
    package let place: String
    package var value: RecipeTree
  }

  /// Where it was written: `line 12` or `--set steps=100`.
  package let place: String
  package var content: Content

  /// Bytes a recipe may have, values it may have after its aliases are written out, levels, and
  /// aliases: the parser compares keys with their aliases written out, before values are counted.
  package static let limits = (bytes: 262_144, values: 10_000, depth: 32, aliases: 32)

  /// Parses a document of one mapping.
  package init(parsing text: String, file: String) throws {
    guard RecipeTree.aliasCount(in: text) <= RecipeTree.limits.aliases else {
      throw RecipeError(
        file: file, reason: "more than \(RecipeTree.limits.aliases) aliases such as *name")
    }
    let node: Node?
    do {
      node = try Parser(yaml: text, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw RecipeTree.worded(error, file: file)
    }
    guard let node, case .mapping = node else {
      throw RecipeError(file: file, reason: "expected keys and values such as 'steps: 1000'")
    }
    var count = 0
    self = try RecipeTree(node, file: file, place: nil, depth: 0, count: &count)
  }

  /// Sets the value at a path such as `tasks.0.batch` to a piece of YAML.
  package mutating func set(_ assignment: String, file: String) throws {
    let place = "--set \(assignment)"
    guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
      throw RecipeError(file: file, place: place, reason: "expected key.path=value")
    }
    let path = assignment[..<equals].split(separator: ".", omittingEmptySubsequences: false)
    let text = String(assignment[assignment.index(after: equals)...])
    let node: Node
    do {
      guard text.utf8.count <= RecipeTree.limits.bytes else {
        throw RecipeError(file: file, place: "--set", reason: "the value is too long")
      }
      node = try Parser(yaml: text, encoding: .utf8).singleRoot() ?? Node("")
    } catch let error as YamlError {
      let reason = RecipeTree.worded(error, file: file).reason
      throw RecipeError(file: file, place: place, reason: reason)
    }
    var count = 0
    let value = try RecipeTree(node, file: file, place: place, depth: 0, count: &count)
    try set(path[...].map(String.init)[...], to: value, file: file, place: place)
  }

  private mutating func set(
    _ path: ArraySlice<String>, to value: RecipeTree, file: String, place: String
  ) throws {
    guard let key = path.first else {
      self = value
      return
    }
    func failure(_ reason: String) -> RecipeError {
      RecipeError(file: file, place: place, reason: reason)
    }
    guard !key.isEmpty else { throw failure("the path has an empty part") }
    switch content {
    case .mapping(var entries):
      if let index = entries.firstIndex(where: { $0.key == key }) {
        try entries[index].value.set(path.dropFirst(), to: value, file: file, place: place)
      } else {
        var child = RecipeTree(place: place, content: .mapping([]))
        try child.set(path.dropFirst(), to: value, file: file, place: place)
        entries.append(Entry(key: key, place: place, value: child))
      }
      content = .mapping(entries)
    case .sequence(var items):
      guard let index = Int(key), items.indices.contains(index) else {
        throw failure("'\(key)' is no position in a list of \(items.count), counted from 0")
      }
      try items[index].set(path.dropFirst(), to: value, file: file, place: place)
      content = .sequence(items)
    case .scalar(let text, let isPlain):
      guard isPlain, RecipeTree.isNull(text) else {
        throw failure("there is no '\(key)' inside the value '\(text)'")
      }
      content = .mapping([])
      try set(path, to: value, file: file, place: place)
    }
  }

  private init(place: String, content: Content) {
    self.place = place
    self.content = content
  }

  private init(
    _ node: Node, file: String, place fixed: String?, depth: Int, count: inout Int
  ) throws {
    func place(of node: Node) -> String { fixed ?? node.mark.map { "line \($0.line)" } ?? "" }
    let here = place(of: node)
    count += 1
    guard depth <= RecipeTree.limits.depth, count <= RecipeTree.limits.values else {
      throw RecipeError(
        file: file, place: here,
        reason: "more than \(RecipeTree.limits.values) values (with aliases written out) or "
          + "\(RecipeTree.limits.depth) levels: no recipe needs that many")
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style != .singleQuoted && scalar.style != .doubleQuoted
      self.init(place: here, content: .scalar(scalar.string, isPlain: isPlain))
    case .sequence(let sequence):
      let items = try sequence.map {
        try RecipeTree($0, file: file, place: fixed, depth: depth + 1, count: &count)
      }
      self.init(place: here, content: .sequence(items))
    case .mapping(let mapping):
      let entries = try mapping.map { key, value in
        guard case .scalar(let scalar) = key else {
          throw RecipeError(file: file, place: place(of: key), reason: "a key must be a word")
        }
        return Entry(
          key: scalar.string, place: place(of: key),
          value: try RecipeTree(value, file: file, place: fixed, depth: depth + 1, count: &count))
      }
      self.init(place: here, content: .mapping(entries))
    case .alias:
      throw RecipeError(file: file, place: here, reason: "an alias that refers to nothing")
    }
  }

  /// Number of places that look like an alias; one in a comment counts too.
  private static func aliasCount(in text: String) -> Int {
    var count = 0
    var before = UInt8(ascii: " ")
    var isStar = false
    for byte in text.utf8 {
      let isName = byte > UInt8(ascii: " ") && byte != UInt8(ascii: "*")
      if isStar, isName { count += 1 }
      isStar = byte == UInt8(ascii: "*") && " \n\r\t,[{:-?".utf8.contains(before)
      before = byte
    }
    return count
  }

  package static func isNull(_ text: String) -> Bool {
    ["", "~", "null", "Null", "NULL"].contains(text)
  }

  private static func worded(_ error: YamlError, file: String) -> RecipeError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return RecipeError(file: file, place: "line \(mark.line)", reason: "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.map { "'\($0)'" }.joined(separator: ", ")
      return RecipeError(
        file: file, place: "line \(context.mark.line)", reason: "the key \(names) stands twice")
    case .reader(let problem, _, _, _):
      return RecipeError(file: file, reason: "not YAML: \(problem)")
    default:
      return RecipeError(file: file, reason: "not YAML: \(error)")
    }
  }
}
