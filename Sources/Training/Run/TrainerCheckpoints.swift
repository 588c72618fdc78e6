import CKernels
import Checkpoints
import Foundation
import Tensors

extension Trainer {
  /// Begins at step 0 in a new folder, or goes on from the folder's newest whole checkpoint.
  ///
  /// A run that was killed before its first checkpoint is begun again.
  func begin() throws {
    session = Session()
    if options.resumes {
      guard folder.holdsRun else {
        throw TrainingError.noCheckpoint(folder: folder.path, refused: [])
      }
      let newest = try folder.checkpoints.newest()
      if let (path, state) = newest { try restore(state, from: path) }
      chooseAnchor(newest: newest?.path)
      try folder.truncate(after: session.step)
    } else if folder.holdsRun {
      throw TrainingError.runExists(folder: folder.path)
    } else {
      chooseAnchor(newest: nil)
    }
    try folder.prepare(
      RunDescription(
        recipe: recipe, seed: recipe.seed, threads: Parallel.threads,
        kernels: Int(kernel_level()),
        trainableParameters: parameterCounts.trainable, parameters: parameterCounts.all,
        versions: options.versions,
        firstStep: session.step, started: Date().ISO8601Format(), weights: options.weights))
  }

  /// Numbers of the model that learn, and all.
  var parameterCounts: (trainable: Int, all: Int) {
    func count(_ parameters: [Parameter]) -> Int { parameters.reduce(0) { $0 + $1.value.count } }
    return (count(optimizer.parameters.filter(\.isTrainable)), count(optimizer.parameters))
  }

  /// What the model card says about the weights as they are.
  var moment: ModelCard.Moment {
    ModelCard.Moment(
      step: session.step, seconds: session.elapsed, evaluation: folder.reports.history.evaluation)
  }

  /// Writes the checkpoint `last`, from which training can go on.
  ///
  /// - Throws: `NumericFault` when the weights are not finite; what is on the disk stays as it is.
  func save() throws {
    guard session.savedStep != session.step else { return }
    try checkWeights()
    let becomesAnchor = isScheduled(session.step) || session.step >= recipe.steps
    if !becomesAnchor { try keepAnchor() }
    folder.log.flush()
    folder.results.flush()
    folder.reports.flush()
    var files: [String: CheckpointFolder.Tensors] = [:]
    files["model.safetensors"] = optimizer.parameters.map { ($0.name, $0.value) }
    files["optimizer.safetensors"] = zip(optimizer.parameters, optimizer.moments)
      .flatMap { parameter, moments in
        moments.map {
          [("first.\(parameter.name)", $0.first), ("second.\(parameter.name)", $0.second)]
        } ?? []
      }
    if let average {
      files["average.safetensors"] = zip(average.parameters, average.averages).map {
        ($0.name, $1)
      }
    }
    var checkpoints = folder.checkpoints
    checkpoints.reached = { [whileSaving] in whileSaving($0.rawValue) }
    try checkpoints.write("last", state: state(), tensors: files, extra: describe)
    checkpoints.removeLeftovers()
    session.savedStep = session.step
    if becomesAnchor {
      session.anchor = checkpoints.path + "/last"
      session.initial = nil
      checkpoints.removeAnchor()
    }
  }

  private func checkWeights() throws {
    let parameters = optimizer.parameters
    let places = firstNotFinite(parameters.map(\.value))
    guard let wrong = places.firstIndex(where: { $0 != nil }) else { return }
    throw NumericFault(
      what: "weights", step: session.step, task: parameters[wrong].name, terms: [], samples: [],
      rate: recipe.optimizer.groups.learningRate)
  }

  /// Writes the checkpoint `best`: the weights as they were evaluated.
  func saveBest() throws {
    func write() throws {
      try folder.checkpoints.write(
        "best", state: state(),
        tensors: ["model.safetensors": optimizer.parameters.map { ($0.name, $0.value) }],
        extra: describe)
    }
    if let average { try average.withAverages(write) } else { try write() }
  }

  private func describe(_ folder: String) throws { try describeModel?(folder) }

  private func state() -> TrainingState {
    var steps: [String: Int] = [:]
    for (parameter, moments) in zip(optimizer.parameters, optimizer.moments) {
      if let moments { steps[parameter.name] = moments.steps }
    }
    return TrainingState(
      step: session.step, seed: recipe.seed, elapsed: session.elapsed,
      fingerprints: fingerprints.values, parameterSteps: steps,
      averageUpdates: average?.updates, best: best,
      staleEvaluations: session.staleEvaluations == 0 ? nil : session.staleEvaluations,
      isSatisfied: session.isSatisfied ? true : nil,
      rollbacks: session.rollbacks == 0 ? nil : session.rollbacks, watch: watch)
  }

  /// The state of a run of which nothing was done.
  func beginning() -> TrainingState {
    TrainingState(
      step: 0, seed: recipe.seed, elapsed: 0, fingerprints: fingerprints.values,
      parameterSteps: [:], averageUpdates: average.map { _ in 0 })
  }

  private func restore(_ state: TrainingState, from path: String) throws {
    if !options.allowsChange, let what = fingerprints.difference(from: state.fingerprints) {
      throw TrainingError.changedSinceCheckpoint(what: what, path: path)
    }
    try restoreTensors(state, from: path)
    session.step = state.step
    session.firstStep = state.step
    session.savedStep = state.step
    session.earlier = state.elapsed
    session.staleEvaluations = state.staleEvaluations ?? 0
    session.isSatisfied = state.isSatisfied ?? false
    session.rollbacks = state.rollbacks ?? 0
    watch = state.watch ?? TrainingWatch()
    best = state.best
  }

  /// Puts back weights, moments and average.
  func restoreTensors(_ state: TrainingState, from path: String) throws {
    let weights = try SafetensorsFile(contentsOf: "\(path)/model.safetensors")
    for parameter in optimizer.parameters {
      parameter.value = try weights.tensor(parameter.name, shape: parameter.value.shape)
    }
    let kept = try SafetensorsFile(contentsOf: "\(path)/optimizer.safetensors")
    optimizer.restore(
      try optimizer.parameters.map { parameter in
        guard let steps = state.parameterSteps[parameter.name] else { return nil }
        let shape = parameter.value.shape
        return AdamW.Moments(
          first: try kept.tensor("first.\(parameter.name)", shape: shape),
          second: try kept.tensor("second.\(parameter.name)", shape: shape), steps: steps)
      })
    if let average {
      // Where the recipe did not ask for an average before, it begins at the weights.
      guard let updates = state.averageUpdates else {
        return average.restore(average.parameters.map(\.value), updates: 0)
      }
      let kept = try SafetensorsFile(contentsOf: "\(path)/average.safetensors")
      average.restore(
        try average.parameters.map { try kept.tensor($0.name, shape: $0.value.shape) },
        updates: updates)
    }
  }
}
