import Foundation

/// The names of a model's classes or answers in a file of their own.
///
/// It is a text with one name a line, a JSON list of names, or a JSON object with the name of each
/// row, such as `{"0": "cat", "1": "dog"}` or a whole `config.json` with such an `id2label`. A row
/// whose name is empty or `N/A` has no meaning.
public struct LabelFile: Sendable, Equatable {
  /// The file.
  public let path: String
  /// The names by row; "" for a row without meaning.
  public let names: [String]
  /// Whether the file has to name every row: the rows of a JSON object may have gaps.
  public let isComplete: Bool

  /// The most names that are read, and the largest file, 64 MiB.
  static let mostNames = 1_000_000
  private static let mostBytes = 64 << 20

  /// Reads a file of any of the kinds.
  ///
  /// - Throws: `LabelFileError`.
  public init(contentsOf path: String) throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
      !isDirectory.boolValue, let handle = FileHandle(forReadingAtPath: path)
    else { throw LabelFileError.missing(file: path) }
    // At the end of an empty file there is no data, which is not the same as a failure.
    guard let data = try? handle.read(upToCount: Self.mostBytes + 1) ?? Data() else {
      throw LabelFileError.missing(file: path)
    }
    guard data.count <= Self.mostBytes else {
      throw LabelFileError.malformed(file: path, reason: "it has over 64 MiB, which is the limit")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw LabelFileError.malformed(file: path, reason: "it is not UTF-8")
    }
    self.path = path
    let start = text.unicodeScalars.first { !" \t\r\n\u{FEFF}".unicodeScalars.contains($0) }
    let found: [String]
    switch start {
    case "{":
      found = try Self.rows(data, path)
      isComplete = false
    case "[":
      found = try Self.list(data, path)
      isComplete = true
    default:
      found = Self.lines(text)
      isComplete = true
    }
    guard found.contains(where: { !$0.isEmpty }) else {
      throw LabelFileError.malformed(file: path, reason: "it has no names")
    }
    names = found
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map {
      meaning($0.trimmingCharacters(in: .whitespaces.union(["\u{FEFF}"])))
    }
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  private static func list(_ data: Data, _ path: String) throws -> [String] {
    guard let names = try? JSONDecoder().decode([String].self, from: data) else {
      throw LabelFileError.malformed(file: path, reason: "it is not a JSON list of names")
    }
    return names.map(meaning)
  }

  private static func rows(_ data: Data, _ path: String) throws -> [String] {
    let decoder = JSONDecoder()
    let inside = (try? decoder.decode(Configuration.self, from: data))?.rows
    guard let table = inside ?? (try? decoder.decode([String: String].self, from: data)) else {
      throw LabelFileError.malformed(
        file: path, reason: "it is not a JSON object such as {\"0\": \"cat\", \"1\": \"dog\"}")
    }
    var names: [Int: String] = [:]
    for (key, name) in table {
      guard let row = Int(key), (0..<mostNames).contains(row), names[row] == nil else {
        throw LabelFileError.malformed(
          file: path, reason: "'\(key.prefix(50))' is not the number of a row")
      }
      names[row] = meaning(name)
    }
    return (0...(names.keys.max() ?? 0)).map { names[$0] ?? "" }
  }

  private static func meaning(_ name: String) -> String { name == "N/A" ? "" : name }

  private struct Configuration: Decodable {
    let rows: [String: String]
    enum CodingKeys: String, CodingKey { case rows = "id2label" }
  }
}

/// A file of names that cannot be used.
public enum LabelFileError: Error, CustomStringConvertible, Equatable {
  /// There is no such file.
  case missing(file: String)
  /// It is of none of the kinds.
  case malformed(file: String, reason: String)
  /// It has another number of names than the model has rows.
  case count(file: String, task: String?, expected: Int, found: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let file):
      return "\(file): there is no such file; give --labels a file with one name a line."
    case .malformed(let file, let reason):
      return "\(file): expected names, one a line, or a JSON object of them by row; \(reason)."
    case .count(let file, let task, let expected, let found):
      let rows = task.map { "row of the task '\($0)'" } ?? "class of the model"
      return "\(file): expected \(expected) names, one for each \(rows), "
        + "found \(found). An unused row has the name N/A."
    }
  }
}
