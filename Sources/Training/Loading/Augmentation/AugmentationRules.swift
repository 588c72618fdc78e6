import Models

extension PictureAugmentation {
  /// Refuses changes after which a task's answers would not be right any more.
  ///
  /// - Throws: `TrainingError.augmentationUnfit`.
  func check(for task: TaskSpec) throws {
    func unfit(_ key: String, _ reason: String) -> TrainingError {
      .augmentationUnfit(task: task.name, key: key, reason: reason)
    }
    if multiScale?.crop != nil && task.head != "detection" {
      throw unfit(
        "detr.crop",
        "cuts off what the answer may be about, and this task has no boxes that tell; "
          + "leave it out, as in 'augment: {detr: {short: [480, 640]}}'")
    }
    let named = Self.colours(in: task)
    // One colour alone may be the name of a thing, such as COCO's orange.
    if let colour, !colour.evenNamed, named.count > 1 {
      throw unfit(
        "colour",
        "changes colours, which the task's labels name (\(named.prefix(3).joined(separator: ", "))); "
          + "leave it out, or allow small changes with 'even_named: true'")
    }
  }

  /// The labels and attributes of a task that are a colour and nothing else.
  static func colours(in task: TaskSpec) -> [String] {
    (task.labels + (task.attributes?.labels ?? [])).filter { words.contains($0.lowercased()) }
  }

  private static let words: Set<String> = [
    "amber", "aqua", "azure", "beige", "black", "blue", "brown", "burgundy", "cream", "crimson",
    "cyan", "gold", "golden", "gray", "green", "grey", "indigo", "khaki", "lavender", "lilac",
    "lime", "magenta", "maroon", "mauve", "navy", "ochre", "olive", "orange", "pink", "purple",
    "red", "silver", "tan", "teal", "turquoise", "violet", "white", "yellow",
  ]
}
