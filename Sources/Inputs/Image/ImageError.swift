/// Why a picture could not be read. Every description names the file and says what to do next.
public enum ImageError: Error, Equatable, Sendable {
  /// There is no such file.
  case missing(file: String)
  /// The path names a directory.
  case directory(file: String)
  /// The system refused to open or read the file.
  case unreadable(file: String, reason: String)
  /// The file holds no bytes.
  case empty(file: String)
  /// The content is that of a picture format which is not read here.
  case unsupportedFormat(file: String, format: String)
  /// The content is no picture; `found` describes it.
  case notAnImage(file: String, found: String)
  /// The file or the picture is over a limit; `found` and `limit` are worded with units.
  case tooLarge(file: String, found: String, limit: String)
  /// The file ends before the picture does; `progress` says how far it got.
  case truncated(file: String, format: String, progress: String)
  /// The content contradicts its format; `reason` is the decoder's, `progress` how far it got.
  case corrupt(file: String, format: String, progress: String, reason: String)
  /// A PNG or JPEG of a kind that is not read here, such as 12-bit JPEG.
  case unsupportedKind(file: String, format: String, reason: String)
  /// Memory ran out.
  case outOfMemory(file: String)

  /// The file's name as the caller gave it.
  public var file: String {
    switch self {
    case .missing(let file), .directory(let file), .unreadable(let file, _), .empty(let file),
      .unsupportedFormat(let file, _), .notAnImage(let file, _), .tooLarge(let file, _, _),
      .truncated(let file, _, _), .corrupt(let file, _, _, _), .unsupportedKind(let file, _, _),
      .outOfMemory(let file):
      return file
    }
  }
}

extension ImageError: CustomStringConvertible {
  /// One line: the file, what was expected, what was found, what to do next.
  public var description: String {
    switch self {
    case .missing:
      "\(file): there is no such file; check the path"
    case .directory:
      "\(file): expected a PNG or JPEG file, found a directory; name a file inside it"
    case .unreadable(_, let reason):
      "\(file): the file cannot be read (\(reason)); check its permissions"
    case .empty:
      "\(file): expected a PNG or JPEG picture, found an empty file; copy or export it again"
    case .unsupportedFormat(_, let format):
      "\(file): expected a PNG or JPEG picture, found \(format), which is not supported; "
        + "convert it to PNG or JPEG first"
    case .notAnImage(_, let found):
      "\(file): expected a PNG or JPEG picture, found \(found); "
        + "check that the path names the picture you mean"
    case .tooLarge(_, let found, let limit):
      "\(file): found \(found), the limit is \(limit); make the picture smaller first"
    case .truncated(_, let format, let progress):
      "\(file): the \(format) file is truncated: it ends after \(progress); "
        + "copy or download it again"
    case .corrupt(_, let format, let progress, let reason):
      "\(file): the \(format) file is corrupt after \(progress) (\(reason)); "
        + "copy it again or save it anew from its source"
    case .unsupportedKind(_, let format, let reason):
      "\(file): this kind of \(format) is not supported (\(reason)); "
        + "save it as an ordinary 8-bit \(format)"
    case .outOfMemory:
      "\(file): there is not enough memory to decode the picture; make it smaller first"
    }
  }
}
