/// Something that is wrong with a dataset.
public struct DataProblem: Sendable, Equatable {
  /// The kinds of problems, by the name they have in reports.
  public enum Kind: String, Sendable, CaseIterable {
    /// A file cannot be read at all, or is not of its format.
    case unreadable
    /// The picture's file is not there.
    case missingPicture = "missing-picture"
    /// The picture's file cannot be decoded.
    case corruptPicture = "corrupt-picture"
    /// The picture has another size than the dataset says.
    case pictureSize = "picture-size"
    /// The picture is stored turned or mirrored (EXIF).
    case rotatedPicture = "rotated-picture"
    /// A box has a number that is infinite or not a number.
    case notFinite = "not-finite-box"
    /// A box has no extent.
    case degenerateBox = "degenerate-box"
    /// A box leaves the picture by more than a pixel.
    case outsideBox = "outside-box"
    /// An id that is declared nowhere.
    case unknownID = "unknown-id"
    /// An id that is declared twice.
    case duplicateID = "duplicate-id"
    /// More objects than the model has queries.
    case manyObjects = "more-objects-than-queries"
    /// The same picture twice in one part.
    case repeatedPicture = "repeated-picture"
    /// The same picture in two parts.
    case overlap = "overlap"

    /// Whether the data is sound nevertheless, though perhaps not what was meant.
    public var isWarning: Bool {
      switch self {
      case .rotatedPicture, .manyObjects, .repeatedPicture: true
      default: false
      }
    }
  }

  /// What sort of problem it is.
  public var kind: Kind
  /// The file.
  public var file: String
  /// Where in it; empty for the whole file.
  public var entry: String
  /// What was expected, what was found.
  public var text: String

  /// A problem.
  public init(_ kind: Kind, file: String, entry: String = "", text: String) {
    self.kind = kind
    self.file = file
    self.entry = entry
    self.text = text
  }
}
