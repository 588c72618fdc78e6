/// The right and the predicted label of every example.
public struct LabelPairs: Sendable, Equatable {
  /// The right labels.
  public private(set) var truth: [String] = []
  /// What the model said, in the same order.
  public private(set) var predictions: [String] = []
  /// Number of examples on whose label people did not agree (`-` in SNLI's `gold_label`); they are
  /// left out.
  public private(set) var undecided = 0
  /// Whether the examples were told apart by their ids, and not by their order.
  public private(set) var areJoinedByID = false

  /// Joins two files: by id where both have the same ids, else line by line.
  ///
  /// - Throws: `LabelError` where one has examples that the other has not.
  public init(
    truth: LabelTable, predictions: LabelTable, file: String
  ) throws {
    let found = try Self.labels(of: truth.rows, in: predictions.rows, file: file)
    areJoinedByID = found.areJoinedByID
    for (row, label) in zip(truth.rows, found.labels) {
      if truth.column == "gold_label" && row.label == "-" {
        undecided += 1
      } else {
        self.truth.append(row.label)
        self.predictions.append(label)
      }
    }
    guard !self.truth.isEmpty else {
      throw LabelError(file: file, expected: "examples with a label", found: "none")
    }
  }

  /// All labels: numbers by size, before texts by their letters.
  public var classes: [String] {
    Set(truth + predictions).sorted { a, b in
      switch (Int(a), Int(b)) {
      case (let a?, let b?): a < b
      case (nil, nil): a < b
      case (let a, _): a != nil
      }
    }
  }

  private static func labels(
    of truth: [LabelTable.Row], in predictions: [LabelTable.Row], file: String
  ) throws -> (labels: [String], areJoinedByID: Bool) {
    let ids = truth.compactMap(\.id)
    let given = predictions.enumerated().map { $1.id ?? "\($0)" }
    var byID: [String: String] = [:]
    for (position, id) in given.enumerated() {
      guard byID.updateValue(predictions[position].label, forKey: id) == nil else {
        throw LabelError(
          file: file, expected: "one prediction an example", found: "two for '\(id.prefix(40))'")
      }
    }
    // GLUE's predictions count the lines from 0, whatever the data call their examples.
    let isCounted = given.enumerated().allSatisfy { $1 == "\($0)" }
    let hasIDs = ids.count == truth.count
    if hasIDs, ids.allSatisfy({ byID[$0] != nil }), ids.count == given.count,
      Set(ids).count == given.count
    {
      return (ids.map { byID[$0]! }, true)
    }
    guard !hasIDs || isCounted else {
      let known = Set(ids)
      let strange = given.first { !known.contains($0) }
      let missing = ids.first { byID[$0] == nil }
      let what = strange.map { "one for '\($0.prefix(40))', which the truth has not" }
      throw LabelError(
        file: file, expected: "a prediction for each of \(truth.count) examples",
        found: what ?? missing.map { "none for '\($0.prefix(40))'" } ?? "ids that occur twice",
        advice: "give truth and predictions of the same examples")
    }
    let order = (0..<given.count).map(String.init)
    guard truth.count == given.count, order.allSatisfy({ byID[$0] != nil }) else {
      throw LabelError(
        file: file, expected: "a prediction for each of \(truth.count) examples",
        found: "\(given.count)", advice: "give truth and predictions of the same examples")
    }
    return (order.map { byID[$0]! }, false)
  }
}
