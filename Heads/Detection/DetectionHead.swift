import Layers
import Models
import Tensors

/// Objects with classes and boxes, as in DETR, and with attributes where the task has them.
public struct DetectionHead: Head {
  private let task: TaskSpec
  private let classes: Linear
  /// nil where the decoder gives boxes.
  private let boxes: MultilayerPerceptron?
  private let attributes: AttributeHead?
  private let criterion: DetectionCriterion

  /// A head with the official UniT's parameter names.
  public init(_ context: HeadContext, in scope: Scope) throws {
    task = context.task
    let width = context.width
    let isFocal = task.hasReferenceBoxes == true
    criterion = isFocal ? .focal : .softmax
    // Every class begins with a probability of 0.01, as the focal loss wants it (Lin et al., Focal
    // Loss for Dense Object Detection, 2017).
    classes = try Linear(
      width, task.labels.count + (isFocal ? 0 : 1), bias: isFocal ? .constant(-4.595_12) : .zeros,
      in: scope["class_embeds.\(task.name)"].exact)
    boxes =
      isFocal
      ? nil
      : try MultilayerPerceptron(
        widths: [width, width, width, 4], last: .normal(standardDeviation: 0.01),
        in: scope["bbox_embeds.\(task.name)"])
    attributes = try task.attributes.map {
      try AttributeHead(context, attributes: $0, in: scope)
    }
  }

  /// `pred_logits` `[batch, queries, classes + 1]` (`classes` where queries have reference boxes),
  /// `pred_boxes` `[batch, queries, 4]`, and `attributes` `[batch, queries, attributes]` for each
  /// query's most probable class.
  public func outputs(_ layer: DecodedLayer) -> [(name: String, value: Tensor)] {
    let states = layer.states
    let logits = classes(states)
    var outputs = [("pred_logits", logits), ("pred_boxes", places(layer))]
    if let attributes {
      let (batch, queries, width) = (states.shape[0], states.shape[1], states.shape[2])
      let best = foreground(criterion.kind.probabilities(logits)).map(\.row)
      let flat = attributes(states.reshaped([batch * queries, width]), labels: best)
      outputs.append(("attributes", flat.reshaped([batch, queries, flat.shape[1]])))
    }
    return outputs
  }

  private func places(_ layer: DecodedLayer) -> Tensor {
    if let known = layer.boxes { return known }
    guard let boxes else { preconditionFailure("the decoder gave no boxes for \(task.name)") }
    return boxes(layer.states).sigmoid()
  }

  /// `loss_ce`, `loss_bbox`, `loss_giou` and `loss_attr` of every decoder layer, each layer with
  /// an assignment of its own.
  public func loss(_ layers: [DecodedLayer], targets: Targets) throws -> [LossTerm] {
    guard case .objects(let objects) = targets else {
      throw TargetError.wrongKind(task: task.name, expected: "objects", found: targets.kind)
    }
    try check(objects)
    let batch = objects.count
    let joined = DecodedLayer(
      states: concatenated(layers.map(\.states), axis: 0),
      boxes: boxes == nil ? concatenated(layers.compactMap(\.boxes), axis: 0) : nil)
    let logits = classes(joined.states)
    let places = places(joined)
    return layers.enumerated().reversed().flatMap { index, layer in
      let range = index * batch..<(index + 1) * batch
      return criterion.terms(
        .init(
          logits: logits.sliced(axis: 0, range: range),
          boxes: places.sliced(axis: 0, range: range), states: layer.states),
        targets: objects, suffix: index == layers.count - 1 ? "" : "_\(index)",
        attributes: attributes.map { head in { head($0, labels: $1) } })
    }
  }

  /// The objects of each picture in pixels, most probable first: one a query, or where queries have
  /// reference boxes the best hundred of all queries and classes, unless the request chooses itself.
  public func answers(_ layer: DecodedLayer, request: AnswerRequest) -> [HeadAnswer] {
    let states = layer.states
    let (batch, queries) = (states.shape[0], states.shape[1])
    precondition(request.sizes.count == batch, "\(request.sizes.count) sizes for \(batch) pictures")
    let probabilities = criterion.kind.probabilities(classes(states))
    let places = places(layer).elements
    return (0..<batch).map { picture in
      let found = choices(probabilities, picture: picture, all: request.choose != nil)
      var objects = found.map { item in
        let index = picture * queries + item.query
        return Detection(
          label: task.label(row: item.row), classID: task.labelIDs?[item.row] ?? item.row,
          score: item.score,
          box: Detection.Box(
            centered: places[index * 4..<index * 4 + 4], in: request.sizes[picture]))
      }
      var kept = Array(objects.indices)
      if let chosen = request.choose?(objects) {
        kept = chosen.map(\.index)
        objects = chosen.map { chosen in
          var object = objects[chosen.index]
          (object.score, object.box) = (chosen.score, chosen.box)
          return object
        }
      }
      let rows = kept.map { (picture * queries + found[$0].query, found[$0].row) }
      if request.attributes, let described = describe(rows, states) {
        for position in objects.indices { objects[position].attributes = described[position] }
      }
      return .detections(objects)
    }
  }

  private typealias Choice = (query: Int, row: Int, score: Float)

  /// What a picture may show, most probable first: the best class of each query, or where classes are
  /// independent the best hundred, or all, of all queries and classes
  /// (`post_process_object_detection` of Conditional DETR in transformers).
  private func choices(_ probabilities: Tensor, picture: Int, all: Bool) -> [Choice] {
    let own = probabilities.sliced(axis: 0, range: picture..<picture + 1)
    guard criterion.kind == .focal else {
      return foreground(own).enumerated().map { ($0, $1.row, $1.score) }
        .sorted { ($1.2, $0.0) < ($0.2, $1.0) }
    }
    let (scores, rows) = (own.elements, own.shape[2])
    return scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
      .prefix(all ? scores.count : 100).map { ($0 / rows, $0 % rows, scores[$0]) }
  }

  /// The three most probable attributes of objects, by the rows of their states and classes.
  private func describe(
    _ objects: [(state: Int, label: Int)], _ states: Tensor
  ) -> [[Detection.Attribute]]? {
    guard let attributes, let spec = task.attributes, !objects.isEmpty else { return nil }
    let flat = states.reshaped([states.shape[0] * states.shape[1], states.shape[2]])
    let logits = attributes(flat.gathered(rows: objects.map(\.state)), labels: objects.map(\.label))
    return ranked(logits.softmax(), labels: spec.labels).map { names in
      names.prefix(3).map { Detection.Attribute(label: $0.answer, score: $0.score) }
    }
  }

  // The most probable class of each query, the class "no object" left out.
  private func foreground(_ probabilities: Tensor) -> [(row: Int, score: Float)] {
    let columns = probabilities.shape[probabilities.rank - 1]
    let rows = task.labels.count
    return probabilities.withPointer { elements in
      (0..<probabilities.count / columns).map { query in
        var best = (row: 0, score: elements[query * columns])
        for row in 1..<max(rows, 1) where elements[query * columns + row] > best.score {
          best = (row, elements[query * columns + row])
        }
        return best
      }
    }
  }

  /// Objects with noise, where the task has denoising.
  public func noised(_ targets: Targets, key: () -> RandomKey?) -> NoisedObjects? {
    guard let denoising = task.denoising, case .objects(let objects) = targets, let key = key()
    else { return nil }
    return NoisedObjects(objects, denoising, classes: task.labels.count, key: key)
  }

  /// `dn_loss_ce`, `dn_loss_bbox` and `dn_loss_giou` of every decoder layer.
  public func restorationLoss(
    _ layers: [DecodedLayer], of noised: NoisedObjects, targets: Targets
  ) -> [LossTerm] {
    guard case .objects(let objects) = targets else { return [] }
    return layers.enumerated().reversed().flatMap { index, layer in
      criterion.restorationTerms(
        logits: classes(layer.states), boxes: places(layer), of: noised, targets: objects,
        suffix: index == layers.count - 1 ? "" : "_\(index)")
    }
  }

  /// `matched_fraction` and `picture_dependence`, where the batch can tell them.
  public func diagnostics(
    _ layer: DecodedLayer, targets: Targets
  ) -> [(name: String, value: Float)] {
    guard case .objects(let objects) = targets else { return [] }
    let (logits, boxes) = (classes(layer.states).detached, places(layer).detached)
    var found: [(name: String, value: Float)] = []
    let count = objects.reduce(0) { $0 + $1.labels.count }
    if count > 0 {
      let numbers = boxes.elements
      let covered = criterion.matcher(logits: logits, boxes: boxes, targets: objects).count {
        let start = ($0.picture * boxes.shape[1] + $0.query) * 4
        let box = ObjectTargets.Box(
          centerX: numbers[start], centerY: numbers[start + 1], width: numbers[start + 2],
          height: numbers[start + 3])
        return box.overlap(with: objects[$0.picture].boxes[$0.object]) >= 0.5
      }
      found.append(("matched_fraction", Float(covered) / Float(count)))
    }
    if let share = pictureDependence(logits) { found.append(("picture_dependence", share)) }
    return found
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
