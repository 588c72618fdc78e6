import Foundation

extension RecipeTree {
  /// The tree as JSON: plain numbers, truth values and nulls by YAML's core schema, else texts.
  package func json() throws -> Data {
    try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
  }

  private var object: Any {
    switch content {
    case .mapping(let entries):
      return Dictionary(entries.map { ($0.key, $0.value.object) }) { $1 }
    case .sequence(let items): return items.map(\.object)
    case .scalar(let text, false): return text
    case .scalar(let text, true):
      if RecipeTree.isNull(text) { return NSNull() }
      if let truth = ["true": true, "false": false][text.lowercased()] { return truth }
      if let number = Int(text) { return number }
      // Words such as `inf` are numbers to Double, but JSON has none of them.
      if let number = Double(text), number.isFinite, text.contains(where: \.isNumber) {
        return number
      }
      return text
    }
  }
}
