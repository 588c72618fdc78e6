import Models

/// Which task of a trained model each task of a new one takes its weights from, and what the trained
/// model calls a parameter of the new one.
struct TaskPairs {
  /// A task of the new model with one of the trained model.
  struct Pair {
    let new: TaskSpec
    let old: TaskSpec
  }

  /// One pair for each task of the new model that has a counterpart: the task of the same name and
  /// head, or the only one with its head.
  let pairs: [Pair]
  private let old: [TaskSpec]

  /// Pairs the tasks of two models.
  init(new: [TaskSpec], old: [TaskSpec]) {
    self.old = old
    pairs = new.compactMap { task in
      let alike = old.filter { $0.head == task.head }
      let found = alike.first { $0.name == task.name } ?? (alike.count == 1 ? alike[0] : nil)
      return found.map { Pair(new: task, old: $0) }
    }
  }

  /// The names that a parameter may have in the trained model, the likeliest first.
  func names(of parameter: String) -> [String] {
    for pair in pairs {
      for (new, old) in zip(UniTNames.places(of: pair.new), UniTNames.places(of: pair.old))
      where parameter.hasPrefix(new) {
        let rest = parameter.dropFirst(new.count)
        // A decoder of the task's own may begin as the shared one.
        let shared = new.hasPrefix(Self.decoders) ? [Self.decoder + rest] : []
        return [old + rest] + shared
      }
    }
    if parameter.hasPrefix(Self.decoders), let rest = Self.decoderRest(parameter) {
      return [parameter, Self.decoder + rest]
    }
    guard parameter.hasPrefix(Self.decoder) else { return [parameter] }
    // A shared decoder may begin as that of one task.
    let rest = parameter.dropFirst(Self.decoder.count)
    return [parameter] + old.map { "\(Self.decoders)\($0.group).\($0.name).\(rest)" }
  }

  /// What stands behind group and task in the name of a decoder's parameter.
  private static func decoderRest(_ parameter: String) -> Substring? {
    let parts = parameter.dropFirst(decoders.count).split(separator: ".", maxSplits: 2)
    return parts.count == 3 ? parts[2] : nil
  }

  private static let decoder = "unit_base_model.transformer.decoder."
  private static let decoders = "unit_base_model.transformer.decoders."
}
