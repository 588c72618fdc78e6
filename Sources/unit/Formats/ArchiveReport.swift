import Checkpoints
import Tensors

/// What a file of weights holds: its tensors, which of them are the same data, and the rest.
struct ArchiveReport {
  private let archive: any TensorArchive
  /// For every entry the name of the first one with the same data, or nil where it has its own.
  private let aliases: [String?]

  init(_ archive: any TensorArchive) {
    self.archive = archive
    var first: [Int: String] = [:]
    aliases = archive.entries.map { entry in
      guard let number = entry.alias else { return nil }
      guard let name = first[number] else {
        first[number] = entry.name
        return nil
      }
      return name
    }
  }

  // Elements of data that several names share are counted once.
  private var elements: Int {
    zip(archive.entries, aliases).reduce(0) {
      $0 + ($1.1 == nil ? $1.0.shape.elementCount : 0)
    }
  }

  /// The report for people.
  var text: String {
    let entries = archive.entries
    let shared = aliases.count { $0 != nil }
    var text = "\(archive.path): \(archive.format), \(entries.count) tensors"
    if shared > 0 { text += " (\(shared) of them other names of the same data)" }
    text += ", \(elements) elements\n"
    for (key, value) in archive.metadata.sorted(by: { $0.key < $1.key }) {
      text += "\(key): \(value)".singleLine + "\n"
    }
    if case .dictionary(let members)? = archive.document {
      for member in members {
        text += "\(member.key.summary): \(member.value.summary)".singleLine + "\n"
      }
    }
    let width = entries.map(\.name.count).max() ?? 0
    for (entry, alias) in zip(entries, aliases) {
      let name = entry.name.singleLine.padding(toLength: width, withPad: " ", startingAt: 0)
      text += "\(name)  \(entry.type.rawValue)  \(entry.shape)"
      text += alias.map { "  = \($0.singleLine)" } ?? ""
      text += "\n"
    }
    return text
  }

  /// The report for scripts; `document` and `alias_of` stand only where there is something.
  var json: JSONText {
    var fields: [JSONText.Field] = [
      .init(name: "schema", value: 1), .init(name: "file", value: .string(archive.path)),
      .init(name: "format", value: .string(archive.format)),
      .init(name: "elements", value: .integer(elements)),
      .init(
        name: "metadata",
        value: .object(
          archive.metadata.sorted { $0.key < $1.key }.map {
            .init(name: $0.key, value: .string($0.value))
          })),
    ]
    if let document = archive.document {
      fields.append(.init(name: "document", value: document.json))
    }
    fields.append(
      .init(
        name: "tensors",
        value: .array(zip(archive.entries, aliases).map { Self.json($0, alias: $1) })))
    return .object(fields)
  }

  private static func json(_ entry: TensorEntry, alias: String?) -> JSONText {
    var fields: [JSONText.Field] = [
      .init(name: "name", value: .string(entry.name)),
      .init(name: "dtype", value: .string(entry.type.rawValue)),
      .init(name: "shape", value: .array(entry.shape.map(JSONText.integer))),
    ]
    if let alias { fields.append(.init(name: "alias_of", value: .string(alias))) }
    return .object(fields)
  }
}

extension CheckpointValue {
  /// The value in a few words.
  fileprivate var summary: String {
    switch self {
    case .none: "none"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): value.shortened(to: 100)
    case .bytes(let count): "\(count) bytes"
    case .list(let values): "a list of \(values.count)"
    case .dictionary(let members): "a table of \(members.count)"
    case .tensor(let type, let shape): "a tensor \(type.rawValue) \(shape)"
    case .object(let name, _): "an object \(name)"
    }
  }

  /// The value as JSON; what JSON has no form for as its summary.
  fileprivate var json: JSONText {
    switch self {
    case .none: .null
    case .bool(let value): .boolean(value)
    case .integer(let value): .integer(value)
    case .number(let value): value.isFinite ? .double(value) : .string("\(value)")
    case .text(let value): .string(value)
    case .list(let values): .array(values.map(\.json))
    case .dictionary(let members):
      .object(members.map { .init(name: $0.key.summary, value: $0.value.json) })
    case .object(let name, let parts):
      ["class": .string(name), "parts": .array(parts.map(\.json))]
    case .bytes, .tensor: .string(summary)
    }
  }
}
