import Models
import Wording

/// In which row of a task each category of a dataset is learnt.
///
/// Names decide: a user never has to know an id or a row. Only where a task's rows have no names of
/// their own but numbers (`object 17`, as in a model that was imported without them) a category's
/// id is its row.
struct LabelRows {
  private let rows: [Int: Int]
  private let task: String
  private let labels: [String]

  /// The rows of categories among labels.
  init(_ categories: [MarkedPictures.Category], labels: [String], task: String) {
    self.task = task
    self.labels = labels
    let known = Dictionary(
      labels.enumerated().filter { !$1.isEmpty }.map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    var rows: [Int: Int] = [:]
    for category in categories { rows[category.id] = known[category.name] }
    if rows.isEmpty, Self.areNumbered(labels) {
      for category in categories where labels.indices.contains(category.id) {
        rows[category.id] = category.id
      }
    }
    self.rows = rows
  }

  /// The row of a category.
  ///
  /// - Throws: `DatasetError.unknownLabel` with the nearest label.
  func row(of category: MarkedPictures.Category, file: String) throws -> Int {
    if let row = rows[category.id] { return row }
    throw DatasetError.unknownLabel(
      file: file, task: task, label: category.name,
      similar: closestName(to: category.name, among: labels.filter { !$0.isEmpty }))
  }

  /// Whether the labels are a word and their row, as in `answer 17`.
  static func areNumbered(_ labels: [String]) -> Bool {
    labels.count > 1
      && labels.enumerated().dropFirst().allSatisfy { $1.hasSuffix(" \($0)") }
  }
}
