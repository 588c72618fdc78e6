import Layers
import Models
import Tensors

/// Objects with classes and boxes, as in DETR, and with attributes where the task has them.
public struct DetectionHead: Head {
  private let task: TaskSpec
  private let classes: Linear
  private let boxes: MultilayerPerceptron
  private let attributes: AttributeHead?
  private let criterion = DetectionCriterion()

  /// A head with the official UniT's parameter names.
  public init(_ context: HeadContext, in scope: Scope) throws {
    task = context.task
    let width = context.width
    classes = try Linear(
      width, task.labels.count + 1, in: scope["class_embeds.\(task.name)"].exact)
    boxes = try MultilayerPerceptron(
      widths: [width, width, width, 4], last: .normal(standardDeviation: 0.01),
      in: scope["bbox_embeds.\(task.name)"])
    attributes = try task.attributes.map {
      try AttributeHead(context, attributes: $0, in: scope)
    }
  }

  /// `pred_logits` `[batch, queries, classes + 1]`, `pred_boxes` `[batch, queries, 4]`, and
  /// `attributes` `[batch, queries, attributes]` for each query's most probable class.
  public func outputs(_ states: Tensor) -> [(name: String, value: Tensor)] {
    let logits = classes(states)
    var outputs = [("pred_logits", logits), ("pred_boxes", boxes(states).sigmoid())]
    if let attributes {
      let (batch, queries, width) = (states.shape[0], states.shape[1], states.shape[2])
      let best = foreground(logits.softmax()).map(\.row)
      let flat = attributes(states.reshaped([batch * queries, width]), labels: best)
      outputs.append(("attributes", flat.reshaped([batch, queries, flat.shape[1]])))
    }
    return outputs
  }

  /// `loss_ce`, `loss_bbox`, `loss_giou` and `loss_attr` of every decoder layer, each layer with
  /// an assignment of its own.
  public func loss(_ states: [Tensor], targets: Targets) throws -> [LossTerm] {
    guard case .objects(let objects) = targets else {
      throw TargetError.wrongKind(task: task.name, expected: "objects", found: targets.kind)
    }
    try check(objects)
    let batch = objects.count
    let joined = concatenated(states, axis: 0)
    let logits = classes(joined)
    let places = boxes(joined).sigmoid()
    return states.enumerated().reversed().flatMap { layer, state in
      let range = layer * batch..<(layer + 1) * batch
      return criterion.terms(
        .init(
          logits: logits.sliced(axis: 0, range: range),
          boxes: places.sliced(axis: 0, range: range), states: state),
        targets: objects, suffix: layer == states.count - 1 ? "" : "_\(layer)",
        attributes: attributes.map { head in { head($0, labels: $1) } })
    }
  }

  /// The objects of each picture in pixels, one a query, most probable first.
  public func answers(_ states: Tensor, request: AnswerRequest) -> [HeadAnswer] {
    let (batch, queries, width) = (states.shape[0], states.shape[1], states.shape[2])
    precondition(request.sizes.count == batch, "\(request.sizes.count) sizes for \(batch) pictures")
    let best = foreground(classes(states).softmax())
    let places = boxes(states).sigmoid().elements
    let names = task.attributes?.labels ?? []
    let described =
      request.attributes
      ? attributes.map { head in
        ranked(
          head(states.reshaped([batch * queries, width]), labels: best.map(\.row)).softmax(),
          labels: names)
      } : nil
    return (0..<batch).map { picture in
      let size = request.sizes[picture]
      let found = (0..<queries).map { query in
        let index = picture * queries + query
        let (row, score) = best[index]
        return Detection(
          label: task.label(row: row), classID: task.labelIDs?[row] ?? row, score: score,
          box: Detection.Box(centered: places[index * 4..<index * 4 + 4], in: size),
          attributes: described?[index].prefix(3).map {
            Detection.Attribute(label: $0.answer, score: $0.score)
          } ?? [])
      }
      return .detections(
        found.enumerated()
          .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
          .map(\.element))
    }
  }

  // The most probable class of each query, the class "no object" left out.
  private func foreground(_ probabilities: Tensor) -> [(row: Int, score: Float)] {
    let columns = task.labels.count + 1
    return probabilities.withPointer { elements in
      (0..<probabilities.count / columns).map { query in
        var best = (row: 0, score: elements[query * columns])
        for row in 1..<max(columns - 1, 1) where elements[query * columns + row] > best.score {
          best = (row, elements[query * columns + row])
        }
        return best
      }
    }
  }

  private func check(_ objects: [ObjectTargets]) throws {
    for picture in objects {
      if let label = picture.labels.first(where: { !task.labels.indices.contains($0) }) {
        throw TargetError.labelOutOfRange(
          task: task.name, label: label, rows: task.labels.count)
      }
      let rows = task.attributes?.labels.count ?? 0
      let wrong = picture.attributes.joined().first { rows > 0 && !(0..<rows).contains($0) }
      if let wrong {
        throw TargetError.labelOutOfRange(task: task.name, label: wrong, rows: rows)
      }
    }
  }
}
