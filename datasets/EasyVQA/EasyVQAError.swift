/// What can be wrong with a folder of easy-VQA.
public enum EasyVQAError: Error, Equatable, CustomStringConvertible {
  /// None of these files or folders exists.
  case missing(tried: [String])
  /// A file is there but not as expected.
  case malformed(file: String, entry: String, reason: String)
  /// A picture does not show one object in a known colour on a plain background.
  case unreadablePicture(picture: String, reason: String)
  /// A question's answer contradicts what the pixels show.
  case contradiction(picture: String, pixels: String, question: String, answer: String)

  /// The file, what was expected, what was found, what to do next.
  public var description: String {
    switch self {
    case .missing(let tried):
      return "easy-VQA was not found; tried \(tried.joined(separator: ", "))\n"
        + "name the folder 'data' of the Python package easy-vqa 1.0 (unzip its wheel)"
    case .malformed(let file, let entry, let reason):
      return "\(file)\(entry.isEmpty ? "" : ", \(entry)"): \(reason)"
    case .unreadablePicture(let picture, let reason):
      return "\(picture): \(reason); is this a picture of easy-VQA?"
    case .contradiction(let picture, let pixels, let question, let answer):
      return "\(picture) shows a \(pixels), but the question '\(question)' is answered "
        + "'\(answer)': picture and questions do not belong together"
    }
  }
}
