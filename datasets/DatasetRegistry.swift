import Models
import Wording

/// The datasets that a recipe may name; a new dataset is a folder here and one line below.
public enum DatasetRegistry {
  private typealias Open =
    @Sendable (_ source: DatasetSource, _ task: TaskSpec) throws ->
    any TaskDataset

  private static let kinds: [(name: String, open: Open)] = [
    ("easy-vqa", EasyVQA.dataset)
  ]

  /// The names of all readers.
  public static var names: [String] { kinds.map(\.name) }

  /// Opens a dataset for a task.
  ///
  /// - Throws: `DatasetError`, or the reader's own errors.
  public static func open(_ source: DatasetSource, for task: TaskSpec) throws -> any TaskDataset {
    guard let kind = kinds.first(where: { $0.name == source.kind }) else {
      throw DatasetError.unknownKind(
        kind: source.kind, known: names, similar: closestName(to: source.kind, among: names))
    }
    return try kind.open(source, task)
  }
}

/// Where samples come from.
public struct DatasetSource: Sendable, Hashable {
  /// Name of the reader.
  public var kind: String
  /// File or folder.
  public var path: String
  /// Part of the dataset.
  public var split: String

  /// A part of a dataset.
  public init(kind: String, path: String, split: String) {
    self.kind = kind
    self.path = path
    self.split = split
  }
}
