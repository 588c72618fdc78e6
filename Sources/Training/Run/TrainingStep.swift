import Tensors

/// What one batch of a step gave.
struct StepPart {
  /// Position of the task.
  let task: Int
  let loss: Float
  let terms: [(name: String, value: Float)]
  let diagnostics: [(name: String, value: Float)]
  /// Names of the samples, where the batch can tell them.
  let samples: [String]
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
      guard part.loss.isFinite else { throw fault("loss", parts) }
      add(gradients, of: part, to: &sum)
    }
    guard let gradients = sum else { preconditionFailure("a step has at least one batch") }
    let weight = commonWeight(of: parts)
    let present = optimizer.parameters.compactMap { gradients[$0] }
    let norm = globalNorm(of: present) * weight
    guard norm.isFinite else { throw fault("gradient", parts) }
    let scale = recipe.optimizer.clip.map { clippingScale(norm: norm, maximum: Float($0)) } ?? 1
    let factor = recipe.learningRateSchedule.factor(at: index) * backoff
    optimizer.step(gradients, factor: factor, gradientScale: weight * scale)
    average?.update()
    session.step += 1
    let samples = parts.reduce(0) { $0 + recipe.tasks[$1.task].batch }
    try StepReport(step: session.step, parts: parts, recipe: recipe).write(
      to: self, rate: recipe.optimizer.groups.learningRate * factor, norm: norm,
      samplesPerSecond: Double(samples) / max(session.seconds - began, 1e-9))
    try look(at: parts, isClipped: scale < 1)
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
    let (loss, extra, gradients) = try withGradients(dropoutKey: key) {
      let result = try model.loss(of: item.batch, task: recipe.tasks[item.task].task)
      let terms = result.terms.map { (name: $0.name, value: $0.value.detached) }
      return (loss: result.loss, extra: (terms: terms, diagnostics: result.diagnostics))
    }
    let part = StepPart(
      task: item.task, loss: loss.scalar, terms: extra.terms.map { ($0.name, $0.value.scalar) },
      diagnostics: extra.diagnostics, samples: (item.batch as? any NamedBatch)?.names ?? [])
    return (part, gradients)
  }

  /// What is known of a step that went wrong: its last batch's loss and all its samples.
  private func fault(_ what: String, _ parts: [StepPart]) -> NumericFault {
    let last = parts[parts.count - 1]
    let report = StepReport(step: session.step + 1, parts: parts, recipe: recipe)
    return NumericFault(
      what: what, step: report.step, task: report.task,
      terms: [("loss", last.loss)] + last.terms, samples: parts.flatMap(\.samples),
      rate: recipe.optimizer.groups.learningRate
        * recipe.learningRateSchedule.factor(at: session.step) * backoff)
  }

  /// Remembers what the step's batches gave, and warns of known diseases.
  private func look(at parts: [StepPart], isClipped: Bool) throws {
    var found: [TrainingWarning] = []
    for part in parts {
      let task = recipe.tasks[part.task].task
      watch.add([("loss", part.loss)] + part.terms + part.diagnostics, of: task)
      found += Disease.warnings(of: task, in: watch)
    }
    if let clipped = watch.addStep(isClipped: isClipped) {
      found += [
        Disease.warning(
          clipped: clipped, of: TrainingWatch.block, maximum: recipe.optimizer.clip)
      ].compactMap { $0 }
    }
    for warning in found where watch.isNew(warning) { try warn(warning, step: session.step) }
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
    func means(_ values: (StepPart) -> [(name: String, value: Float)]) -> [(String, Float)] {
      tasks.flatMap { task in
        let lists = parts.filter { $0.task == task }.map(values)
        let prefix = tasks.count > 1 ? recipe.tasks[task].task + "/" : ""
        return lists[0].map { item in
          (prefix + item.name, mean(lists.compactMap { $0.first { $0.name == item.name }?.value }))
        }
      }
    }
    self.init(
      step: step, task: names.joined(separator: "+"), loss: mean(parts.map(\.loss)),
      terms: means { (tasks.count > 1 ? [("loss", $0.loss)] : []) + $0.terms },
      diagnostics: means(\.diagnostics))
  }
}
