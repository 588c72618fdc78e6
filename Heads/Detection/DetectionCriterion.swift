import Models
import Tensors

/// DETR's loss of one decoder layer with UniT's weights: class, box distance, box overlap, and
/// where the task has them, attributes. With the focal loss the weights are Conditional DETR's.
struct DetectionCriterion: Sendable {
  /// DETR's.
  static let softmax = DetectionCriterion(kind: .softmax, matcher: Matcher())
  /// Conditional DETR's.
  static let focal = DetectionCriterion(
    kind: .focal, matcher: Matcher(kind: .focal, classCost: 2))

  let kind: ClassLoss
  /// Weight of a query that should find nothing (`eos_coef`).
  var noObjectWeight: Float = 0.1
  var matcher: Matcher

  /// The predictions of one decoder layer.
  struct Predictions {
    /// `[batch, queries, classes + 1]`, without the last one for the focal loss.
    let logits: Tensor
    /// `[batch, queries, 4]`
    let boxes: Tensor
    /// `[batch, queries, width]`
    let states: Tensor
  }

  /// The terms of one layer.
  ///
  /// - Parameters:
  ///   - suffix: `_0`, `_1`, … for the layers before the last, as the reference names them.
  ///   - attributes: logits `[objects, attributes]` from states `[objects, width]` and labels.
  func terms(
    _ predictions: Predictions, targets: [ObjectTargets], suffix: String,
    attributes: ((_ states: Tensor, _ labels: [Int]) -> Tensor)?
  ) -> [LossTerm] {
    let logits = predictions.logits
    let (batch, queries, rows) = (logits.shape[0], logits.shape[1], logits.shape[2])
    let matches = matcher(logits: logits, boxes: predictions.boxes, targets: targets)
    let objects = max(1, Float(targets.reduce(0) { $0 + $1.labels.count }))
    var terms = [
      classTerm(
        logits.reshaped([batch * queries, rows]),
        found: matches.map {
          ($0.picture * queries + $0.query, targets[$0.picture].labels[$0.object])
        }, objects: objects, suffix: suffix)
    ]
    let found = matches.map { $0.picture * queries + $0.query }
    terms += boxTerms(
      predictions.boxes.reshaped([batch * queries, 4]).gathered(rows: found),
      wanted: matches.map { targets[$0.picture].boxes[$0.object] }, objects: objects,
      suffix: suffix)
    if let attributes {
      let width = predictions.states.shape[2]
      let states = predictions.states.reshaped([batch * queries, width]).gathered(rows: found)
      let labels = matches.map { targets[$0.picture].labels[$0.object] }
      let known = matches.map { targets[$0.picture].attributes[$0.object] }
      let loss =
        matches.isEmpty
        ? Tensor(0) : attributeLoss(attributes(states, labels), attributes: known)
      terms.append(LossTerm("loss_attr" + suffix, loss))
    }
    return terms
  }

  /// The terms of objects that were noised, of one layer: each query is to restore its own.
  ///
  /// - Parameters:
  ///   - logits: `[batch, queries, classes]`, and one for "nothing" without the focal loss.
  ///   - boxes: `[batch, queries, 4]`
  func restorationTerms(
    logits: Tensor, boxes: Tensor, of noised: NoisedObjects, targets: [ObjectTargets],
    suffix: String
  ) -> [LossTerm] {
    let origins = noised.origins(targets)
    let (rows, objects) = (origins.map(\.row), Float(origins.count))
    func gathered(_ x: Tensor) -> Tensor {
      x.reshaped([x.shape[0] * x.shape[1], x.shape[2]]).gathered(rows: rows)
    }
    let labels = origins.map { targets[$0.picture].labels[$0.object] }
    let classTerm = classTerm(
      gathered(logits), found: labels.enumerated().map { ($0, $1) }, objects: objects,
      suffix: suffix)
    let terms =
      [classTerm]
      + boxTerms(
        gathered(boxes), wanted: origins.map { targets[$0.picture].boxes[$0.object] },
        objects: objects, suffix: suffix)
    return terms.map { LossTerm("dn_" + $0.name, $0.value, weight: $0.weight) }
  }

  /// - Parameter boxes: `[objects, 4]`, one for each that is wanted.
  private func boxTerms(
    _ boxes: Tensor, wanted: [ObjectTargets.Box], objects: Float, suffix: String
  ) -> [LossTerm] {
    let wanted = Tensor(
      wanted.flatMap { [$0.centerX, $0.centerY, $0.width, $0.height] }, shape: [wanted.count, 4])
    let distance = absoluteDifference(boxes, wanted) * (1 / objects)
    let overlap = generalizedIoU(cornersFromCenters(boxes), cornersFromCenters(wanted))
    let missing = (Float(wanted.shape[0]) - overlap.sum()) * (1 / objects)
    return [
      LossTerm("loss_bbox" + suffix, distance, weight: 5),
      LossTerm("loss_giou" + suffix, missing, weight: 2),
    ]
  }

  /// - Parameters:
  ///   - logits: `[queries of all pictures, rows]`
  ///   - found: the queries that were assigned an object, and its class.
  private func classTerm(
    _ logits: Tensor, found: [(query: Int, label: Int)], objects: Float, suffix: String
  ) -> LossTerm {
    let (queries, rows) = (logits.shape[0], logits.shape[1])
    switch kind {
    case .softmax:
      var classes = [Int](repeating: rows - 1, count: queries)
      for (query, label) in found { classes[query] = label }
      var weights = [Float](repeating: 1, count: rows)
      weights[rows - 1] = noObjectWeight
      return LossTerm(
        "loss_ce" + suffix,
        crossEntropy(logits, targets: classes, classWeights: Tensor(weights)))
    case .focal:
      let loss = focalLoss(
        logits: logits, ones: found.map { $0.query * rows + $0.label },
        alpha: ClassLoss.alpha, gamma: ClassLoss.gamma)
      return LossTerm("loss_ce" + suffix, loss * (1 / objects), weight: 2)
    }
  }
}
