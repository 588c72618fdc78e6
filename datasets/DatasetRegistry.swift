import Models
import Wording

/// The datasets that a recipe may name; a new dataset is a folder here and one line below.
public enum DatasetRegistry {
  private typealias Open =
    @Sendable (_ source: DatasetSource, _ task: TaskSpec) throws ->
    any TaskDataset

  private static let kinds: [(name: String, open: Open)] = [
    ("easy-vqa", EasyVQA.dataset),
    ("coco", DetectionDataset.opening(COCO.read)),
    ("voc", DetectionDataset.opening(VOC.read)),
    ("yolo", DetectionDataset.opening(YOLO.read)),
    ("visual-genome", VisualGenome.dataset),
    ("vqa", VQA.dataset),
    ("snli-ve", SNLIVE.dataset),
    ("scenes", SceneDataset.dataset),
    ("qnli", GLUE.qnli.dataset),
    ("mnli", GLUE.mnli.dataset),
    ("qqp", GLUE.qqp.dataset),
    ("sst2", GLUE.sst2.dataset),
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
