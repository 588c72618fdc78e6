import Foundation
import Tensors

/// What must not change between the sessions of one run, each as a short text to compare.
struct RunFingerprints {
  /// By what it stands for: `recipe`, `model`, `data of TASK`.
  let values: [String: String]

  init(recipe: Recipe, parameters: [Parameter], data: [String: String]) throws {
    var values = ["recipe": try RunFingerprints.recipe(recipe)]
    let lines = parameters.map { "\($0.name) \($0.value.shape) \($0.isTrainable)" }
    values["model"] = Checksum.of(lines.joined(separator: "\n"))
    for (task, fingerprint) in data { values["data of '\(task)'"] = fingerprint }
    self.values = values
  }

  /// Names what differs from a checkpoint's, or nil.
  func difference(from others: [String: String]) -> String? {
    let keys = Set(values.keys).union(others.keys).sorted()
    let changed = keys.filter { values[$0] != others[$0] }
    return changed.isEmpty ? nil : changed.joined(separator: ", ")
  }

  /// The recipe without what has no influence on the weights: where things lie, how often they
  /// are reported.
  static func recipe(_ recipe: Recipe) throws -> String {
    var recipe = recipe
    if case .file(let path) = recipe.model {
      let content = FileManager.default.contents(atPath: path) ?? Data()
      recipe.model = .inline(String(decoding: content, as: UTF8.self))
    }
    for index in recipe.tasks.indices {
      recipe.tasks[index].dataset.path = ""
      recipe.tasks[index].dataset.evaluationSplit = nil
    }
    recipe.weights = nil
    recipe.parts = nil
    recipe.monitor = Recipe.Monitor(metric: nil, prefersSmaller: false)
    recipe.earlyStopping = nil
    recipe.evaluateEvery = 0
    recipe.checkpointEvery = 0
    recipe.logEvery = 1
    recipe.output = nil
    recipe.threads = nil
    recipe.card = nil
    recipe.table = nil
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return Checksum.of(try encoder.encode(recipe))
  }
}
