import Layers
import Tensors

/// What a detection task has beside its own queries while it is trained: further groups of queries
/// (Group DETR, Chen et al., 2022) and what makes queries of noised objects (DN-DETR, Li et al.,
/// 2022).
///
/// The parameters lie beside those of the published layouts; a model that answers does without.
struct TrainingQueries: Sendable {
  private let groups: Embedding?
  private let groupBoxes: Embedding?
  private let labels: Embedding?
  private let positions: MultilayerPerceptron?
  private let task: TaskSpec
  private let width: Int

  /// nil for a task that has neither.
  init?(_ task: TaskSpec, width: Int, in scope: Scope) throws {
    let further = ((task.queryGroups ?? 1) - 1) * task.queries
    guard further > 0 || task.denoising != nil else { return nil }
    let hasBoxes = task.hasReferenceBoxes == true
    groups =
      further > 0 ? try Embedding(rows: further, width: width, in: scope["groups"]) : nil
    groupBoxes =
      further > 0 && hasBoxes
      ? try Embedding(
        rows: further, width: 4, initializer: ReferenceBoxes.anywhere, in: scope["boxes"]) : nil
    labels = try task.denoising.map { _ in
      try Embedding(rows: task.labels.count, width: width, in: scope["labels"])
    }
    positions =
      task.denoising != nil && !hasBoxes
      ? try MultilayerPerceptron(widths: [2 * width, width, width], in: scope["positions"]) : nil
    (self.task, self.width) = (task, width)
  }

  /// The queries of a step.
  ///
  /// - Parameter noised: objects to restore; nil for none.
  func queries(batch: Int, noised: NoisedObjects?) -> FurtherQueries? {
    let parts = [grouped(batch: batch), noised.flatMap(restoring)].compactMap { $0 }
    guard let first = parts.first else { return nil }
    guard parts.count > 1 else { return first }
    return FurtherQueries(
      states: concatenated(parts.map(\.states), axis: 1),
      places: concatenated(parts.map(\.places), axis: 1), groups: parts.flatMap(\.groups))
  }

  private func grouped(batch: Int) -> FurtherQueries? {
    guard let groups else { return nil }
    let table = groups.weight.tensor
    let rows = table.shape[0]
    func everywhere(_ x: Tensor) -> Tensor {
      x.reshaped([1, rows, x.shape[1]]) + .zeros([batch, 1, 1])
    }
    let runs = [QueryGroup(length: task.queries, runs: rows / task.queries)]
    guard let boxes = groupBoxes?.weight.tensor else {
      return FurtherQueries(
        states: .zeros([batch, rows, width]), places: everywhere(table), groups: runs)
    }
    return FurtherQueries(
      states: everywhere(table), places: everywhere(boxes.sigmoid()), groups: runs)
  }

  private func restoring(_ noised: NoisedObjects) -> FurtherQueries? {
    guard let labels else { return nil }
    let (batch, queries) = (noised.boxes.shape[0], noised.boxes.shape[1])
    return FurtherQueries(
      states: labels(noised.labels, shape: [batch, queries]),
      places: positions.map { $0(pointEncoding(noised.boxes, width: width)) } ?? noised.boxes,
      groups: [noised.group])
  }
}
