import Heads
import Models
import Tensors

/// The weights of a trained model for a new one that may have other tasks and classes.
struct WeightTransfer {
  /// The trained weights by name.
  let tensors: [String: Tensor]
  /// The trained model's tasks; none where only weights are known.
  let tasks: [TaskSpec]
  /// Where the weights came from.
  let source: String

  /// Puts into a fresh model whatever of the trained one fits: rows of class layers by the names of
  /// their classes, everything else by name and shape. Nothing that does not fit is an error.
  ///
  /// - Throws: `TrainingError.nothingKept` where nothing fits at all: another kind of model.
  func apply(to model: MultitaskModel) throws -> TransferReport {
    let pairs = TaskPairs(new: model.configuration.tasks, old: tasks)
    var report = TransferReport(source: source)
    var values: [(parameter: Parameter, value: Tensor)] = []
    for parameter in model.parameters {
      let names = pairs.names(of: parameter.name)
      guard let old = names.lazy.compactMap({ tensors[$0] }).first else {
        report.reset.append(.init(name: parameter.name, reason: "not among the weights"))
        continue
      }
      let shapes = (new: parameter.value.shape, old: old.shape)
      if let rows = classRows(parameter, pairs, shapes) {
        guard !rows.kept.isEmpty else {
          report.reset.append(.init(name: parameter.name, reason: "no class has a known name"))
          continue
        }
        values.append((parameter, merged(parameter.value, old, rows.rows)))
        if rows.rows.contains(where: { $0 == nil }) {
          let count = rows.rows.count { $0 == nil } + rows.kept.count
          report.rows.append(.init(name: parameter.name, kept: rows.kept, count: count))
        } else {
          report.kept.append(parameter.name)
        }
      } else if shapes.new == shapes.old {
        values.append((parameter, old))
        report.kept.append(parameter.name)
      } else {
        report.reset.append(
          .init(name: parameter.name, reason: "\(shapes.new) here, \(shapes.old) there"))
      }
    }
    guard !values.isEmpty else {
      throw TrainingError.nothingKept(path: source, example: tensors.keys.min() ?? "none")
    }
    // Only now: an error above must leave nothing half-done.
    for (parameter, value) in values { parameter.value = value.detached }
    return report
  }

  private func classRows(
    _ parameter: Parameter, _ pairs: TaskPairs, _ shapes: (new: Shape, old: Shape)
  ) -> ClassRows? {
    guard !shapes.new.isEmpty, shapes.new.dropFirst() == shapes.old.dropFirst() else { return nil }
    return pairs.pairs.lazy.compactMap {
      ClassRows(of: parameter.name, in: $0, rows: (shapes.new[0], shapes.old[0]))
    }.first
  }

  /// Fresh values with rows of the trained ones in them.
  private func merged(_ fresh: Tensor, _ old: Tensor, _ rows: [Int?]) -> Tensor {
    var elements = fresh.elements
    let width = elements.count / rows.count
    old.withPointer { source in
      for (row, from) in rows.enumerated() {
        guard let from else { continue }
        for column in 0..<width { elements[row * width + column] = source[from * width + column] }
      }
    }
    return Tensor(elements, shape: fresh.shape)
  }
}
