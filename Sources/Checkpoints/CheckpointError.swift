/// What can be wrong with a file of weights, in words a user can act on.
///
/// Every case names the file; those about one tensor name the entry, what was expected and what
/// was found.
public enum CheckpointError: Error, Equatable {
  /// The file cannot be opened or read.
  case cannotRead(file: String, reason: String)
  /// The file cannot be written; what stood there before is untouched.
  case cannotWrite(file: String, reason: String)
  /// A number is too large for the element type that the file shall have.
  case tooLarge(file: String, entry: String, type: ElementType, found: Float)
  /// The file as a whole is not well-formed; `format` says what it should be.
  case malformed(
    file: String, format: String = "safetensors file", expected: String, found: String)
  /// The file is of no format that holds weights.
  case unknownFormat(file: String, found: String)
  /// One entry of the header contradicts itself or the file.
  case malformedEntry(file: String, entry: String, expected: String, found: String)
  /// A folder or an archive has no file of weights, or several.
  case unclearWeights(file: String, found: [String])
  /// The file asks for a Python class or function that plain weights do not need.
  case refusedGlobal(file: String, name: String)
  /// The file is larger in some respect than any real checkpoint.
  case overLimit(file: String, limit: String, found: String)
  /// No entry has this name; `similar` is the closest name there is.
  case missingEntry(file: String, entry: String, similar: String?)
  /// The entry's shape is not the one the model needs.
  case wrongShape(file: String, entry: String, expected: [Int], found: [Int])
  /// The entry's element type cannot be used for this purpose.
  case wrongElementType(file: String, entry: String, expected: String, found: String)
  /// The entry's elements are of a type that this program does not read at all.
  case unsupportedType(file: String, entry: String, found: String)
  /// The file has entries that the model does not know.
  case unusedEntries(file: String, entries: [String])
}

extension CheckpointError: CustomStringConvertible {
  /// The error as a sentence and what to do next, fit for a terminal: names in a file may hold
  /// anything.
  public var description: String {
    let text = words
    guard text.unicodeScalars.contains(where: \.isUnfit) || text.utf8.count > 8_192 else {
      return text
    }
    var shown = ""
    for scalar in text.unicodeScalars.prefix(4_000) {
      shown += scalar.isUnfit ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return shown + (text.unicodeScalars.count > 4_000 ? "... (cut off)" : "")
  }

  private var words: String {
    switch self {
    case .cannotRead(let file, let reason):
      return "cannot read '\(file)': \(reason)"
    case .cannotWrite(let file, let reason):
      return "cannot write '\(file)': \(reason)"
    case .tooLarge(let file, let entry, let type, let found):
      return """
        cannot write '\(file)': the tensor '\(entry)' holds \(found), the largest number of type \
        \(type.rawValue) is \(type.greatest); choose another type
        """
    case .malformed(let file, let format, let expected, let found):
      return """
        '\(file)' is not a valid \(format): expected \(expected), found \(found); \
        the file is damaged, incomplete or of another format: fetch or export it again
        """
    case .unknownFormat(let file, let found):
      return """
        '\(file)' is \(found), not a file of weights: expected safetensors (or its \
        .index.json), a PyTorch file (.pth .pt .bin .ckpt), a .tar.gz with one of them, or a \
        folder with one of them
        """
    case .unclearWeights(let file, let found):
      let names = found.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      return """
        '\(file)': expected one file of weights, found \(found.isEmpty ? "none" : names)\
        \(found.count > 5 ? " and \(found.count - 5) more" : ""); name the file itself
        """
    case .refusedGlobal(let file, let name):
      return """
        '\(file)' asks for the Python object '\(name)', which weights do not need; nothing was \
        run. Where you trust the file, load it in Python and save its state_dict alone
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
    case .unsupportedType(let file, let entry, let found):
      let known = ElementType.allCases.map(\.rawValue).joined(separator: " ")
      return """
        '\(file)', entry '\(entry)': elements of type \(found) are not read; save it in Python as \
        one of \(known)
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

extension Unicode.Scalar {
  /// Whether the character would change what a terminal shows around it.
  fileprivate var isUnfit: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
