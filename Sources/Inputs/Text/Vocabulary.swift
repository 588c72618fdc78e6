import Foundation

/// The pieces of words that a text encoder knows, each with its id.
///
/// Pieces are told apart by their bytes: two spellings of the same letter, which Swift's `String`
/// holds for equal, are two entries.
public struct Vocabulary: Sendable {
  /// The piece of every id.
  public let tokens: [String]
  /// Id of every piece by its UTF-8 bytes.
  private let ids: [[UInt8]: Int]
  /// Length of the longest piece in bytes.
  let longest: Int
  /// Ids of the special tokens of BERT.
  let special: SpecialTokens

  /// Ids of `[PAD]`, `[UNK]`, `[CLS]` and `[SEP]`.
  struct SpecialTokens: Sendable, Hashable {
    var padding, unknown, classification, separator: Int
  }

  /// Largest number of entries of a vocabulary.
  public static let maximumCount = 1 << 20
  /// Largest vocabulary file in bytes.
  public static let maximumFileBytes = 64 << 20

  /// Number of entries.
  public var count: Int { tokens.count }
  /// Id of `[PAD]`, which fills rows up.
  public var paddingID: Int { special.padding }

  /// A vocabulary of the given pieces; the position is the id, and of equal pieces the last counts.
  ///
  /// - Parameter name: stands for the vocabulary in errors.
  /// - Throws: `VocabularyError`.
  public init(tokens: [String], name: String = "vocabulary") throws(VocabularyError) {
    guard tokens.count <= Self.maximumCount else {
      throw .tooLarge(file: name, found: "\(tokens.count) entries", limit: "\(Self.maximumCount)")
    }
    var ids: [[UInt8]: Int] = [:]
    ids.reserveCapacity(tokens.count)
    var longest = 0
    for (id, token) in tokens.enumerated() {
      let bytes = Array(token.utf8)
      ids[bytes] = id
      longest = max(longest, bytes.count)
    }
    func required(_ token: String) throws(VocabularyError) -> Int {
      guard let id = ids[Array(token.utf8)] else { throw .missingToken(file: name, token: token) }
      return id
    }
    self.special = SpecialTokens(
      padding: try required("[PAD]"), unknown: try required("[UNK]"),
      classification: try required("[CLS]"), separator: try required("[SEP]"))
    self.tokens = tokens
    self.ids = ids
    self.longest = longest
  }

  /// Reads BERT's `vocab.txt`: one piece a line, the line number (from 0) is the id.
  ///
  /// - Throws: `VocabularyError`.
  public init(contentsOf path: String) throws(VocabularyError) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .unreadable(file: path, reason: "there is no such file")
    }
    if isDirectory.boolValue { throw .unreadable(file: path, reason: "it is a directory") }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw .unreadable(file: path, reason: "it cannot be opened")
    }
    let data: Data
    do {
      data = try handle.read(upToCount: Self.maximumFileBytes + 1) ?? Data()
    } catch {
      throw .unreadable(file: path, reason: error.localizedDescription)
    }
    guard data.count <= Self.maximumFileBytes else {
      throw .tooLarge(
        file: path, found: "more than \(Self.maximumFileBytes) bytes",
        limit: "\(Self.maximumFileBytes) bytes")
    }
    try self.init(tokens: Self.lines(of: [UInt8](data), file: path), name: path)
  }

  /// Lines end with LF, CR LF or CR; the last one needs no end.
  private static func lines(
    of bytes: [UInt8], file: String
  ) throws(VocabularyError) -> [String] {
    var lines: [String] = []
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != 0x0a, bytes[end] != 0x0d { end += 1 }
      guard lines.count < maximumCount else {
        throw .tooLarge(
          file: file, found: "more than \(lines.count) lines", limit: "\(maximumCount)")
      }
      guard let line = String(validating: bytes[start..<end], as: UTF8.self) else {
        throw .notUTF8(file: file, line: lines.count + 1)
      }
      lines.append(line)
      let isPair = end + 1 < bytes.count && bytes[end] == 0x0d && bytes[end + 1] == 0x0a
      start = end + (isPair ? 2 : 1)
    }
    return lines
  }

  /// Id of a piece, or nil where it is not an entry.
  public subscript(token: String) -> Int? { ids[Array(token.utf8)] }

  /// Id of a piece given as UTF-8 bytes.
  subscript(bytes: [UInt8]) -> Int? { ids[bytes] }
}

/// Why a vocabulary could not be read.
public enum VocabularyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be opened or read.
  case unreadable(file: String, reason: String)
  /// A line is not UTF-8; lines count from 1.
  case notUTF8(file: String, line: Int)
  /// A token without which no text can be encoded is not an entry.
  case missingToken(file: String, token: String)
  /// Too many entries or bytes.
  case tooLarge(file: String, found: String, limit: String)

  /// One line: the file, what was expected, what was found, what to do next.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file): the vocabulary cannot be read: \(reason); check the path and its permissions"
    case .notUTF8(let file, let line):
      "\(file), line \(line): expected UTF-8 text, found other bytes; save the file as UTF-8"
    case .missingToken(let file, let token):
      "\(file): the token \(token) is missing; expected a BERT vocabulary, one token a line"
    case .tooLarge(let file, let found, let limit):
      "\(file): found \(found), the limit is \(limit); check that this is a vocabulary"
    }
  }
}
