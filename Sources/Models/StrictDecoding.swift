import Foundation
import Wording

/// Decodes JSON and refuses entries that the type does not have.
///
/// The unknown entries are those that the decoded value does not write again.
///
/// - Parameters:
///   - type: what to decode.
///   - data: the JSON text.
///   - file: its name, for error messages.
/// - Throws: `ConfigurationError`.
public func decodeStrictly<Value: Codable>(
  _ type: Value.Type, from data: Data, file: String
) throws -> Value {
  let value: Value
  do {
    value = try JSONDecoder().decode(type, from: data)
  } catch let error as DecodingError {
    throw ConfigurationError.malformed(
      file: file, reason: explanation(of: error, in: try? JSONSerialization.jsonObject(with: data)))
  }
  let given = try JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed])
  let understood = try JSONSerialization.jsonObject(
    with: JSONEncoder().encode(value), options: [.fragmentsAllowed])
  try refuseUnknown(given, understood, path: "", file: file)
  return value
}

private func refuseUnknown(_ given: Any, _ understood: Any, path: String, file: String) throws {
  if let given = given as? [String: Any], let understood = understood as? [String: Any] {
    for key in given.keys.sorted() where !(given[key] is NSNull) {
      let full = path.isEmpty ? key : "\(path).\(key)"
      guard let counterpart = understood[key] else {
        throw ConfigurationError.unknownKey(
          file: file, key: full,
          similar: closestName(to: key, among: understood.keys.filter { given[$0] == nil }))
      }
      try refuseUnknown(given[key]!, counterpart, path: full, file: file)
    }
  } else if let given = given as? [Any], let understood = understood as? [Any] {
    for (index, (element, counterpart)) in zip(given, understood).enumerated() {
      try refuseUnknown(element, counterpart, path: "\(path)[\(index)]", file: file)
    }
  }
}

private func explanation(of error: DecodingError, in document: Any?) -> String {
  func place(_ context: DecodingError.Context) -> String {
    var text = ""
    for key in context.codingPath {
      text += key.intValue.map { "[\($0)]" } ?? (text.isEmpty ? "" : ".") + key.stringValue
    }
    return text.isEmpty ? "the file" : "'\(text)'"
  }
  switch error {
  case .keyNotFound(let key, let context):
    let given = entries(of: document, at: context.codingPath)
    let near = closestName(to: key.stringValue, among: given.sorted())
    let advice = near.map { "did you mean it by '\($0)'?" } ?? "add it."
    return "\(place(context)) lacks the entry '\(key.stringValue)'; \(advice)"
  case .typeMismatch(let type, let context):
    return "\(place(context)) should be \(name(of: type))."
  case .valueNotFound(let type, let context):
    return "\(place(context)) is null and should be \(name(of: type))."
  case .dataCorrupted(let context):
    if context.codingPath.isEmpty {
      return document == nil
        ? "the file is not valid JSON; check its syntax."
        : "a number is too large, or not whole where it should be; check the numbers."
    }
    // Of a name that an enumeration does not have, only the name itself says something to people.
    let words = context.debugDescription
    guard words.hasPrefix("Cannot initialize"), let value = words.split(separator: " ").last else {
      return "\(place(context)) has a value that is not allowed: \(words)"
    }
    return "\(place(context)) cannot be '\(value)'."
  @unknown default: return "the file cannot be understood."
  }
}

private func name(of type: Any.Type) -> String {
  switch type {
  case is String.Type: "a text"
  case is Bool.Type: "true or false"
  case is Int.Type: "a whole number"
  case is Float.Type, is Double.Type: "a number"
  case is [String: Any].Type: "a table of entries"
  default: "\(type)".hasPrefix("Array") ? "a list" : "a \(type)"
  }
}

/// The names of the entries at a place of a JSON document.
private func entries(of document: Any?, at path: [any CodingKey]) -> [String] {
  var place = document
  for key in path {
    if let index = key.intValue, let list = place as? [Any], list.indices.contains(index) {
      place = list[index]
    } else {
      place = (place as? [String: Any])?[key.stringValue]
    }
  }
  return (place as? [String: Any]).map { Array($0.keys) } ?? []
}
