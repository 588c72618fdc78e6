import Checkpoints
import Foundation
import Heads
import Models

/// The model card that lies in a checkpoint as `README.md`: what the model does, what it learnt
/// from, how well it does, in the form that Hugging Face reads.
///
/// Of paths only the last part is told, so that a published card says nothing about the machine.
struct ModelCard {
  /// The samples that a task learnt from and was measured on.
  struct Samples {
    /// Name of the task.
    var task: String
    /// Samples that it learnt from.
    var learnt: Int
    /// Samples that it was measured on; nil for none.
    var measured: Int?
  }

  /// What is known of the weights only when the card is written.
  struct Moment {
    /// Steps done.
    var step: Int
    /// Seconds of training.
    var seconds: Double
    /// The newest evaluation.
    var evaluation: (step: Int, metrics: [(name: String, value: Double)])?
  }

  /// The recipe.
  let recipe: Recipe
  /// The model's tasks, of which those of the recipe are told.
  let tasks: [TaskSpec]
  /// How much data there was.
  let samples: [Samples]
  /// Numbers of the model that learnt, and all.
  let parameters: (trainable: Int, all: Int)
  /// The words of the command line, or none.
  let command: [String]

  /// Writes the card into a checkpoint's folder.
  func write(_ moment: Moment, to folder: String) throws {
    try writeAtomically(Data(text(moment).utf8), to: folder + "/README.md")
  }

  /// The recipe's tasks with their descriptions, in the recipe's order.
  var learnt: [(entry: Recipe.TaskSpec, task: TaskSpec)] {
    recipe.tasks.compactMap { entry in
      tasks.first { $0.name == entry.task }.map { (entry, $0) }
    }
  }

  /// The title: the recipe's own, or what the model is made of.
  var title: String {
    recipe.card?.title ?? "UniT for " + Self.listed(learnt.map(\.task.name))
  }

  /// The command with the folders of its paths left out.
  var shownCommand: String? {
    guard !command.isEmpty else { return nil }
    return command.map { word in
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return parts.map { Self.quoted(Self.lastPart(String($0))) }.joined(separator: "=")
    }.joined(separator: " ")
  }

  /// What follows a path's last slash.
  static func lastPart(_ path: String) -> String {
    path.contains("/") ? (path as NSString).lastPathComponent : path
  }

  /// Words as `a, b and c`.
  static func listed(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  /// A word as a shell takes it.
  private static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_.,:+/@%{}*".contains($0) }
    return plain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}

extension TaskSpec {
  /// What Hugging Face calls a task of this kind.
  var hubName: String {
    switch (head, Set(inputs)) {
    case ("detection", _): "object-detection"
    case (_, [.image, .text]): "visual-question-answering"
    case (_, [.image]): "image-classification"
    default: "text-classification"
    }
  }
}
