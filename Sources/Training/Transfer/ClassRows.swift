import Models

/// Which row of a trained model's layer becomes which row of a new one's, by the names of the classes:
/// a class keeps what was learnt of it whatever its number is.
struct ClassRows {
  /// For each row of the new layer the row of the trained one, or nil for a fresh one.
  let rows: [Int?]
  /// Names of the classes that are kept.
  let kept: [String]

  /// The rows of a parameter, or nil where a parameter's rows are no classes.
  ///
  /// - Parameters:
  ///   - parameter: its name in the new model.
  ///   - rows: rows of the new and of the trained layer.
  init?(of parameter: String, in pair: TaskPairs.Pair, rows: (new: Int, old: Int)) {
    let (new, old) = (pair.new, pair.old)
    let attributes = "det_losses.\(new.name).attribute_head."
    let names: (new: [String], old: [String])
    switch parameter {
    case "class_embeds.\(new.name).weight", "class_embeds.\(new.name).bias",
      attributes + "cls_embed.weight",
      "classifiers.\(new.group).\(new.name).1.weight",
      "classifiers.\(new.group).\(new.name).1.bias":
      names = (new.labels, old.labels)
    case attributes + "attr_linear2.weight", attributes + "attr_linear2.bias":
      names = (new.attributes?.labels ?? [], old.attributes?.labels ?? [])
    default: return nil
    }
    // A layer of detection has one more row for "nothing", a focal one has not.
    let extra = (new: rows.new - names.new.count, old: rows.old - names.old.count)
    if Self.areNumbered(names.old) && rows.new == rows.old && !Self.overlap(names) {
      // Nobody named the trained classes; the same number of them is all that can be told.
      self.rows = (0..<rows.new).map { $0 }
      kept = names.new.filter { !$0.isEmpty }
      return
    }
    guard extra.new == extra.old, extra.new == 0 || extra.new == 1 else {
      self.rows = [Int?](repeating: nil, count: rows.new)
      kept = []
      return
    }
    let places = Dictionary(
      names.old.enumerated().filter { !$1.isEmpty }.map { (Self.key($1), $0) }
    ) { first, _ in first }
    let found = names.new.map { $0.isEmpty ? nil : places[Self.key($0)] }
    self.rows = found + (extra.new == 1 ? [names.old.count] : [])
    kept = zip(names.new, found).filter { $1 != nil }.map(\.0)
  }

  private static func key(_ name: String) -> String {
    name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private static func overlap(_ names: (new: [String], old: [String])) -> Bool {
    !Set(names.new.map(key)).subtracting([""]).isDisjoint(with: names.old.map(key))
  }

  /// Whether names only say the number of their row.
  private static func areNumbered(_ names: [String]) -> Bool {
    names.count > 1
      && names.enumerated().allSatisfy { row, name in
        name.isEmpty || name.hasSuffix(" \(row)") || name == "LABEL_\(row)"
      }
  }
}
