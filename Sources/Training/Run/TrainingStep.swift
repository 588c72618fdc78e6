import Tensors

/// What one batch of a step gave.
struct StepPart {
  /// Position of the task.
  let task: Int
  let loss: Float
  let terms: [(name: String, value: Float)]
}

extension Trainer {
  /// One step: the gradients of its batches, one update of the weights, and what is due after it.
  func step(with loader: Prefetcher<MixtureItem<Model.Batch>>) throws {
    let began = session.seconds
    let index = session.step
    var parts: [StepPart] = []
    var sum: Gradients?
    for place in 0..<plan.batchesPerStep {
      let item = try loader.next()
      let (part, gradients) = try gradients(of: item, step: index, place: place)
      parts.append(part)
      add(gradients, of: part, to: &sum)
    }
    guard let gradients = sum else { preconditionFailure("a step has at least one batch") }
    let report = StepReport(step: index + 1, parts: parts, recipe: recipe)
    try report.check("loss", report.loss)
    let weight = commonWeight(of: parts)
    let present = optimizer.parameters.compactMap { gradients[$0] }
    let norm = globalNorm(of: present) * weight
    try report.check("gradient", norm)
    let scale = recipe.optimizer.clip.map { clippingScale(norm: norm, maximum: Float($0)) } ?? 1
    let factor = recipe.learningRateSchedule.factor(at: index)
    optimizer.step(gradients, factor: factor, gradientScale: weight * scale)
    average?.update()
    session.step += 1
    let samples = parts.reduce(0) { $0 + recipe.tasks[$1.task].batch }
    try report.write(
      to: self, rate: recipe.optimizer.groups.learningRate * factor, norm: norm,
      samplesPerSecond: Double(samples) / max(session.seconds - began, 1e-9))
    try evaluateIfDue(isLast: false)
    // The last step's checkpoint waits for the evaluation at the end.
    let isDue = recipe.checkpointEvery > 0 && session.step % recipe.checkpointEvery == 0
    if isDue && session.step < recipe.steps { try save() }
  }

  /// The gradients of one batch; `place` counts the batches of the step.
  private func gradients(
    of item: MixtureItem<Model.Batch>, step: Int, place: Int
  ) throws -> (StepPart, Gradients) {
    var key = RandomKey(seed: recipe.seed).folding("dropout").folding(UInt64(step))
    // The first batch has the step's own key, as the only one of an ordinary step has.
    if place > 0 { key = key.folding(UInt64(place)) }
    let (loss, terms, gradients) = try withGradients(dropoutKey: key) {
      let result = try model.loss(of: item.batch, task: recipe.tasks[item.task].task)
      return (loss: result.loss, extra: result.terms.map { ($0.name, $0.value.detached) })
    }
    let part = StepPart(
      task: item.task, loss: loss.scalar, terms: terms.map { ($0.0, $0.1.scalar) })
    return (part, gradients)
  }

  /// Adds a batch's gradients to those of the step. Batches of one task are added as they are and
  /// weighted together (`commonWeight`); those of several tasks each with its own weight.
  private func add(_ gradients: Gradients, of part: StepPart, to sum: inout Gradients?) {
    var gradients = gradients
    let weight = plan.schedule.tasksPerStep > 1 ? self.weight(of: part.task) : 1
    if sum == nil {
      gradients.scale(by: weight)
      sum = gradients
    } else {
      sum!.add(gradients, scaledBy: weight)
    }
  }

  /// A factor on the sum of all gradients of the step.
  private func commonWeight(of parts: [StepPart]) -> Float {
    if plan.schedule.tasksPerStep > 1 { return 1 }
    let weight = Float(recipe.tasks[parts[0].task].lossWeight)
    return parts.count == 1 ? weight : weight / Float(parts.count)
  }

  /// The factor on one batch's gradient where a step has batches of several tasks: the weight of the
  /// task's loss times its share, so that the sum is what steps drawn by the ratios give on average.
  private func weight(of task: Int) -> Float {
    let sum = plan.schedule.members.reduce(0) { $0 + recipe.tasks[$1].ratio }
    let spec = recipe.tasks[task]
    return Float(spec.lossWeight * spec.ratio / sum / Double(plan.accumulate))
  }
}

extension StepReport {
  /// Means over the batches of a step. Where they are of several tasks, the loss is the mean of the
  /// tasks' and every term is named after its task.
  init(step: Int, parts: [StepPart], recipe: Recipe) {
    let tasks = parts.map(\.task).reduce(into: [Int]()) { list, task in
      if !list.contains(task) { list.append(task) }
    }
    let names = tasks.map { recipe.tasks[$0].task }
    func mean(_ values: [Float]) -> Float {
      values.count == 1 ? values[0] : values.reduce(0, +) / Float(values.count)
    }
    let terms = tasks.flatMap { task in
      let parts = parts.filter { $0.task == task }
      let own = parts[0].terms.map { term in
        let values = parts.compactMap { $0.terms.first { $0.name == term.name }?.value }
        return (name: term.name, value: mean(values))
      }
      guard tasks.count > 1 else { return own }
      let name = recipe.tasks[task].task
      return ([(name: "loss", value: mean(parts.map(\.loss)))] + own).map {
        (name: "\(name)/\($0.name)", value: $0.value)
      }
    }
    self.init(
      step: step, task: names.joined(separator: "+"), loss: mean(parts.map(\.loss)), terms: terms)
  }
}
