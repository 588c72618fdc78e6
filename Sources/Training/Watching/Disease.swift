import Foundation

/// Known ways in which a training that runs without an error learns nothing, and how to tell.
enum Disease: String, CaseIterable {
  /// The loss of a task is where it was at the beginning.
  case lossNotFalling = "loss_not_falling"
  /// Hardly any true box is covered by the prediction that it was assigned to.
  case fewMatches = "few_matches"
  /// The outputs are the same for every picture.
  case ignoresPicture = "ignores_picture"
  /// The gradient is clipped in nearly every step.
  case alwaysClipped = "always_clipped"

  /// Batches of a task before it is judged.
  static let patience = TrainingWatch.block

  /// What is wrong with a task after its latest batch; looked at from time to time only.
  static func warnings(of task: String, in watch: TrainingWatch) -> [TrainingWarning] {
    guard let loss = watch.trend(task, "loss"), loss.count % patience == 0 else { return [] }
    var found: [TrainingWarning] = []
    if loss.lowest >= 0.98 * loss.first, loss.first > 0 {
      found.append(
        TrainingWarning(
          name: Disease.lossNotFalling.rawValue, task: task,
          text: "the loss did not fall in \(loss.count) batches "
            + "(\(worded(loss.first)) at first, \(worded(loss.recent)) now)",
          advice:
            "change 'optimizer.lr' tenfold either way, look whether 'freeze' is too wide, and "
            + "try 'unit train --overfit 8'"))
    }
    if let matched = watch.trend(task, "matched_fraction"), matched.recent < 0.1 {
      found.append(
        TrainingWarning(
          name: Disease.fewMatches.rawValue, task: task,
          text: "\(percent(matched.recent)) of the true boxes are covered by the prediction that "
            + "is to find them, after \(matched.count) batches",
          advice: "begin with pretrained weights ('weights'), check the boxes with 'unit data "
            + "check', and train longer: detectors from scratch need tens of epochs"))
    }
    if let dependence = watch.trend(task, "picture_dependence"), dependence.recent < 0.01 {
      found.append(
        TrainingWarning(
          name: Disease.ignoresPicture.rawValue, task: task,
          text: "the outputs hardly depend on the picture (\(worded(dependence.recent)) of their "
            + "variance) after \(dependence.count) batches",
          advice: "lower 'optimizer.lr', lengthen 'schedule.warmup', or begin with pretrained "
            + "weights; everything is predicted the same for every picture"))
    }
    return found
  }

  /// What is wrong with gradients of which so many of a block were clipped.
  static func warning(clipped: Int, of steps: Int, maximum: Double?) -> TrainingWarning? {
    guard let maximum, Double(clipped) > 0.98 * Double(steps) else { return nil }
    return TrainingWarning(
      name: Disease.alwaysClipped.rawValue, task: nil,
      text: "the gradient was clipped to \(maximum) in \(clipped) of \(steps) steps",
      advice: "the clipping norm alone decides the size of the steps; raise 'optimizer.clip' to "
        + "about the 'grad_norm' of log.jsonl, or lower 'optimizer.lr' if that is what is wanted")
  }

  private static func worded(_ value: Double) -> String { String(format: "%.3g", value) }
  private static func percent(_ value: Double) -> String { String(format: "%.0f %%", 100 * value) }
}
