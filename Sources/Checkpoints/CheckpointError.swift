/// What can be wrong with a file of weights, in words a user can act on.
///
/// Every case names the file; those about one tensor name the entry, what was expected and what
/// was found.
public enum CheckpointError: Error, Equatable {
  /// The file cannot be opened or read.
  case cannotRead(file: String, reason: String)
  /// The file cannot be written; what stood there before is untouched.
  case cannotWrite(file: String, reason: String)
  /// The file as a whole is not a well-formed safetensors file.
  case malformed(file: String, expected: String, found: String)
  /// One entry of the header contradicts itself or the file.
  case malformedEntry(file: String, entry: String, expected: String, found: String)
  /// The file is larger in some respect than any real checkpoint.
  case overLimit(file: String, limit: String, found: String)
  /// No entry has this name; `similar` is the closest name there is.
  case missingEntry(file: String, entry: String, similar: String?)
  /// The entry's shape is not the one the model needs.
  case wrongShape(file: String, entry: String, expected: [Int], found: [Int])
  /// The entry's element type cannot be used for this purpose.
  case wrongElementType(file: String, entry: String, expected: String, found: String)
  /// The file has entries that the model does not know.
  case unusedEntries(file: String, entries: [String])
}

extension CheckpointError: CustomStringConvertible {
  /// The error as a sentence and what to do next.
  public var description: String {
    switch self {
    case .cannotRead(let file, let reason):
      return "cannot read '\(file)': \(reason)"
    case .cannotWrite(let file, let reason):
      return "cannot write '\(file)': \(reason)"
    case .malformed(let file, let expected, let found):
      return """
        '\(file)' is not a valid safetensors file: expected \(expected), found \(found); \
        the file is damaged, incomplete or of another format: fetch or export it again
        """
    case .malformedEntry(let file, let entry, let expected, let found):
      return """
        '\(file)', entry '\(entry)': expected \(expected), found \(found); \
        the file is damaged: fetch or export it again
        """
    case .overLimit(let file, let limit, let found):
      return "'\(file)' has \(found), the limit is \(limit); the file is damaged or hostile"
    case .missingEntry(let file, let entry, let similar):
      let hint = similar.map { ", the closest name is '\($0)'" } ?? ""
      return """
        '\(file)' has no entry '\(entry)'\(hint); \
        check that the weights belong to this configuration
        """
    case .wrongShape(let file, let entry, let expected, let found):
      return """
        '\(file)', entry '\(entry)': expected the shape \(expected), found \(found); \
        check that the weights belong to this configuration
        """
    case .wrongElementType(let file, let entry, let expected, let found):
      return """
        '\(file)', entry '\(entry)': expected \(expected), found elements of type \(found); \
        convert the entry with the program that wrote the file
        """
    case .unusedEntries(let file, let entries):
      let names = entries.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      let more = entries.count > 5 ? " and \(entries.count - 5) more" : ""
      return """
        '\(file)' has entries that the model does not use: \(names)\(more); \
        check that the weights belong to this configuration
        """
    }
  }
}
