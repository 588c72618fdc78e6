/// What is known of one step.
struct LoggedStep {
  /// The step, counted from 1.
  var step: Int
  /// Its task; several are joined by `+`.
  var task: String
  /// The task's loss.
  var loss: Double
  /// What the loss is made of. Those of several tasks are named after them: `vqa/loss`.
  var terms: [(name: String, value: Double)]
  /// The learning rate.
  var rate: Double
  /// Norm of the gradient.
  var gradientNorm: Double
  /// Samples of the step a second.
  var samplesPerSecond: Double
  /// Resident memory in bytes.
  var memory: Int
  /// What tells healthy training from sick one, such as the share of covered boxes.
  var diagnostics: [(name: String, value: Double)] = []

  /// The loss of each of its tasks.
  var losses: [(task: String, loss: Double)] {
    Self.losses(task: task, loss: loss, terms: terms)
  }

  /// The loss of each task of a step, from what the log says about it.
  static func losses(
    task: String, loss: Double, terms: [(name: String, value: Double)]
  ) -> [(task: String, loss: Double)] {
    let own = terms.compactMap { term in
      term.name.hasSuffix("/loss") ? (task: String(term.name.dropLast(5)), loss: term.value) : nil
    }
    return own.isEmpty ? [(task, loss)] : own
  }

  /// Its numbers under the names that TensorBoard shows, those of one task in one group.
  var scalars: [(tag: String, value: Double)] {
    var scalars = losses.map { (tag: "\($0.task)/loss", value: $0.loss) }
    // What belongs to one of several tasks is named after it.
    func place(_ name: String) -> (group: String, name: String) {
      let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
      return parts.count == 2 ? (parts[0], parts[1]) : (task, name)
    }
    for term in terms where !term.name.hasSuffix("/loss") {
      let (group, name) = place(term.name)
      scalars.append((group + "/" + (name.hasPrefix("loss") ? name : "loss_" + name), term.value))
    }
    for diagnostic in diagnostics {
      let (group, name) = place(diagnostic.name)
      scalars.append(("\(group)/\(name)", diagnostic.value))
    }
    return scalars + [
      ("\(task)/samples_per_second", samplesPerSecond), ("training/loss", loss),
      ("training/lr", rate), ("training/grad_norm", gradientNorm),
      ("training/memory_bytes", Double(memory)),
    ]
  }

  /// The line that tells people about it.
  ///
  /// - Parameters:
  ///   - total: steps of the run.
  ///   - secondsLeft: how long the rest will take.
  ///   - others: the newest losses of the tasks that this step is not about.
  func line(
    total: Int, secondsLeft: Double, others: [(task: String, loss: Double)] = []
  ) -> String {
    // The terms of the decoder's lower layers (`loss_ce_0`) are for the log only.
    let shown = terms.filter { term in
      guard let dash = term.name.lastIndex(of: "_") else { return true }
      let digits = term.name[dash...].dropFirst()
      return digits.isEmpty || !digits.allSatisfy { ("0"..."9").contains($0) }
    }
    let parts = shown.map { term in
      (term.name.hasPrefix("loss_") ? String(term.name.dropFirst(5)) : term.name)
        + " \(AxisTicks.short(term.value))"
    }
    return "step \(step)/\(total) eta \(ProgressLine.clock(secondsLeft)) \(task) "
      + "loss \(AxisTicks.short(loss))"
      + (parts.isEmpty ? "" : " (\(parts.joined(separator: " ")))")
      + others.map { ", \($0.task) \(AxisTicks.short($0.loss))" }.joined()
      + " lr \(AxisTicks.short(rate)) \(AxisTicks.short(samplesPerSecond)) samples/s"
      + " mem \(ResidentMemory.short(memory))"
  }
}
