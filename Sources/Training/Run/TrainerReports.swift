import Foundation

/// What is told about one step.
struct StepReport {
  let step: Int
  let task: String
  let loss: Float
  let terms: [(name: String, value: Float)]
  var diagnostics: [(name: String, value: Float)] = []

  /// Shows the step and, where it is due, logs it.
  func write<Model>(
    to trainer: Trainer<Model>, rate: Double, norm: Float, samplesPerSecond: Double
  ) throws {
    let recipe = trainer.recipe
    let session = trainer.session
    let isLast = step == recipe.steps
    let memory = ResidentMemory.bytes
    let report = LoggedStep(
      step: step, task: task, loss: Double(loss), terms: terms.map { ($0.name, Double($0.value)) },
      rate: rate, gradientNorm: Double(norm), samplesPerSecond: samplesPerSecond, memory: memory,
      diagnostics: diagnostics.map { ($0.name, Double($0.value)) })
    if step % recipe.logEvery == 0 || isLast {
      func listed(_ values: [(name: String, value: Float)]) -> String {
        values.map { "\(quoted($0.name)):\(number(Double($0.value)))" }.joined(separator: ",")
      }
      let told = diagnostics.isEmpty ? "" : "\"diagnostics\":{\(listed(diagnostics))},"
      try trainer.folder.log.append(
        """
        {"step":\(step),"task":\(quoted(task)),"loss":\(loss),\
        "terms":{\(listed(terms))},\(told)"lr":\(rate),"grad_norm":\(norm),\
        "samples_per_second":\(rounded(samplesPerSecond)),"memory":\(memory),\
        "elapsed":\(rounded(session.elapsed))}
        """)
      try trainer.folder.reports.logged(report)
    }
    guard !trainer.options.isQuiet else { return }
    let others = trainer.folder.reports.othersLosses(than: report)
    trainer.progress.show(now: session.seconds, isLast: isLast) {
      let done = session.step - session.firstStep
      let left = session.seconds / Double(max(done, 1)) * Double(recipe.steps - step)
      return report.line(total: recipe.steps, secondsLeft: left, others: others)
    }
  }

  private func number(_ value: Double) -> String { value.isFinite ? "\(Float(value))" : "null" }

  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

/// A text as a JSON string.
private func quoted(_ text: String) -> String {
  let data = try? JSONEncoder().encode(text)
  return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
}

extension Trainer {
  /// Evaluates after every `evaluate_every` steps and after the last one, writes a row of
  /// `results.csv`, and keeps the checkpoint if it is the best so far.
  func evaluateIfDue(isLast: Bool) throws {
    guard let evaluate, session.evaluatedStep != session.step else { return }
    let every = recipe.evaluateEvery
    guard isLast || (every > 0 && session.step % every == 0) else { return }
    session.evaluatedStep = session.step
    defer { folder.reports.samples.tidy(best: best?.step) }
    let metrics =
      try average?.withAverages { try evaluate(session.step) } ?? evaluate(session.step)
    try writeRow(metrics)
    try folder.reports.evaluated(step: session.step, metrics: metrics)
    session.isSatisfied = isSatisfied?(metrics) ?? false
    let metric = recipe.monitor.metric ?? metrics.first?.name
    guard let metric else { return }
    guard let value = metrics.first(where: { $0.name == metric })?.value else {
      throw TrainingError.metricMissing(metric: metric, known: metrics.map(\.name))
    }
    session.staleEvaluations += 1
    guard value.isFinite else { return }
    if let best, best.metric == metric {
      guard recipe.monitor.prefersSmaller ? value < best.value : value > best.value else { return }
    }
    session.staleEvaluations = 0
    best = TrainingState.Best(metric: metric, value: value, step: session.step)
    try saveBest()
  }

  private func writeRow(_ metrics: [(name: String, value: Double)]) throws {
    func cell(_ text: String) -> String {
      text.contains { ",\"\n".contains($0) }
        ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
    let results = folder.results
    if !FileManager.default.fileExists(atPath: results.path) || isEmpty(results.path) {
      let columns = ["step", "elapsed"] + metrics.map { cell($0.name) }
      try results.append(columns.joined(separator: ","))
    }
    let seconds = (session.elapsed * 1000).rounded() / 1000
    let values = metrics.map { "\($0.value)" }
    try results.append((["\(session.step)", "\(seconds)"] + values).joined(separator: ","))
    guard !options.isQuiet else { return }
    progress.end()
    let shown = metrics.map { "\($0.name) \(String(format: "%.4g", $0.value))" }
    progress.show(now: session.seconds, isLast: true) {
      "evaluation at step \(session.step): " + shown.joined(separator: ", ")
    }
    progress.end()
  }

  private func isEmpty(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) == 0
  }
}
