import Foundation
import Wording

/// Reads the values of one mapping of which every key is known.
package struct RecipeFields {
  package let file: String
  /// Path of this mapping in the recipe, empty for the recipe itself.
  package let path: String
  package let place: String
  private let entries: [RecipeTree.Entry]
  private let known: [String]

  /// The mapping at `path`; refuses keys that are not among `known`, so that a misspelt key is
  /// reported as such and not as a missing one.
  package init(_ tree: RecipeTree, path: String, file: String, known: [String]) throws {
    self.file = file
    self.path = path
    place = tree.place
    switch tree.content {
    case .mapping(let entries): self.entries = entries
    case .scalar(let text, true) where RecipeTree.isNull(text): entries = []
    default:
      throw RecipeError(
        file: file, place: tree.place,
        reason: "'\(path)' expects keys and values, found \(RecipeFields.worded(tree))")
    }
    self.known = known
    guard let unknown = entries.first(where: { !known.contains($0.key) }) else { return }
    let near = closestName(to: unknown.key, among: known)
    let hint =
      near.map { "did you mean '\($0)'?" } ?? "known are \(known.joined(separator: ", "))"
    let inside = path.isEmpty ? "" : " in '\(path)'"
    throw RecipeError(
      file: file, place: unknown.place, reason: "unknown key '\(unknown.key)'\(inside); \(hint)")
  }

  /// The value of a key, or nil where it is absent or null.
  package func value(_ key: String) -> RecipeTree? {
    precondition(known.contains(key), "'\(key)' is not among the known keys of '\(path)'")
    guard let value = entries.first(where: { $0.key == key })?.value else { return nil }
    if case .scalar(let text, true) = value.content, RecipeTree.isNull(text) { return nil }
    return value
  }

  package func required<Value>(_ key: String, _ value: Value?) throws -> Value {
    guard let value else {
      throw RecipeError(file: file, place: place, reason: "the key '\(full(key))' is missing")
    }
    return value
  }

  package func string(_ key: String) throws -> String? {
    try scalar(key, "a text") { text, _ in text }
  }

  package func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
    try scalar(key, "a whole number \(RecipeFields.worded(range))") { text, isPlain in
      guard isPlain, let number = Int(text.replacing("_", with: "")) else { return nil }
      return range.contains(number) ? number : nil
    }
  }

  package func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
    let bounds = range.upperBound < 1e300 ? "to \(range.upperBound)" : "up"
    return try scalar(key, "a number from \(range.lowerBound) \(bounds)") { text, isPlain in
      guard isPlain, let number = Double(text), range.contains(number) else { return nil }
      return number
    }
  }

  package func boolean(_ key: String) throws -> Bool? {
    try scalar(key, "true or false") { text, isPlain in
      isPlain ? ["true": true, "false": false][text.lowercased()] : nil
    }
  }

  package func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Choice.Type
  ) throws -> Choice? where Choice.RawValue == String {
    let known = Choice.allCases.map(\.rawValue)
    return try scalar(key, "one of \(known.joined(separator: ", "))") { text, _ in
      Choice(rawValue: text)
    }
  }

  package func strings(_ key: String) throws -> [String]? {
    guard let value = value(key) else { return nil }
    return try items(of: value, key).enumerated().map { index, item in
      guard case .scalar(let text, _) = item.content else {
        throw wrong("\(key)[\(index)]", "a text", item)
      }
      return text
    }
  }

  package func numbers(_ key: String, count: Int, in range: ClosedRange<Double>) throws -> [Double]?
  {
    guard let value = value(key) else { return nil }
    let items = try items(of: value, key)
    let numbers = items.compactMap { item -> Double? in
      guard case .scalar(let text, true) = item.content else { return nil }
      return Double(text).flatMap { range.contains($0) ? $0 : nil }
    }
    guard items.count == count, numbers.count == count else {
      let wish = "\(count) numbers from \(range.lowerBound) to \(range.upperBound)"
      throw RecipeError(
        file: file, place: value.place, reason: "'\(full(key))' expects a list of \(wish)")
    }
    return numbers
  }

  /// A list of at least one whole number.
  package func integers(_ key: String, in range: ClosedRange<Int>) throws -> [Int]? {
    guard let value = value(key) else { return nil }
    let expected = "whole numbers \(RecipeFields.worded(range))"
    let items = try items(of: value, key)
    if items.isEmpty { throw failure(key, "is empty: expected \(expected)") }
    return try items.enumerated().map { index, item in
      guard case .scalar(let text, true) = item.content, let number = Int(text),
        range.contains(number)
      else { throw wrong("\(key)[\(index)]", expected, item) }
      return number
    }
  }

  /// A mapping below this one, or nil where it is absent.
  package func fields(_ key: String, known: [String]) throws -> RecipeFields? {
    guard let value = value(key) else { return nil }
    return try RecipeFields(value, path: full(key), file: file, known: known)
  }

  /// A list of mappings below this one.
  package func list(_ key: String, known: [String]) throws -> [RecipeFields]? {
    guard let value = value(key) else { return nil }
    return try items(of: value, key).enumerated().map { index, item in
      try RecipeFields(item, path: "\(full(key))[\(index)]", file: file, known: known)
    }
  }

  /// An error about the value of a key.
  package func failure(_ key: String, _ reason: String) -> RecipeError {
    let place = entries.first { $0.key == key }?.place ?? place
    return RecipeError(file: file, place: place, reason: "'\(full(key))' \(reason)")
  }

  package func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private func scalar<Value>(
    _ key: String, _ expected: String, _ convert: (String, Bool) -> Value?
  ) throws -> Value? {
    guard let value = value(key) else { return nil }
    guard case .scalar(let text, let isPlain) = value.content, let result = convert(text, isPlain)
    else { throw wrong(key, expected, value) }
    return result
  }

  private func items(of value: RecipeTree, _ key: String) throws -> [RecipeTree] {
    guard case .sequence(let items) = value.content else { throw wrong(key, "a list", value) }
    return items
  }

  private func wrong(_ key: String, _ expected: String, _ found: RecipeTree) -> RecipeError {
    RecipeError(
      file: file, place: found.place,
      reason: "'\(full(key))' expects \(expected), found \(RecipeFields.worded(found))")
  }

  private static func worded(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? "from \(range.lowerBound) up" : "from \(range.lowerBound) to \(range.upperBound)"
  }

  private static func worded(_ tree: RecipeTree) -> String {
    switch tree.content {
    case .scalar(let text, _): return "'\(text.prefix(60))'"
    case .sequence: return "a list"
    case .mapping: return "keys and values"
    }
  }
}
