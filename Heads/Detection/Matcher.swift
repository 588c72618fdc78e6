import Tensors

/// Assigns the objects of each picture to queries at the least cost (DETR's Hungarian matcher).
struct Matcher: Sendable {
  /// How a class costs.
  var kind = ClassLoss.softmax
  /// Weight of the class: of minus its probability, or of its focal cost.
  var classCost: Float = 1
  /// Weight of the L1 distance of the boxes.
  var boxCost: Float = 5
  /// Weight of minus the generalised intersection over union.
  var overlapCost: Float = 2

  /// One object and the query that is to find it.
  struct Match: Equatable {
    let picture: Int
    let query: Int
    let object: Int
  }

  /// Matches of all pictures, by picture and query.
  ///
  /// - Parameters:
  ///   - logits: `[batch, queries, classes + 1]`, without the last one for the focal loss.
  ///   - boxes: `[batch, queries, 4]`, centre and extent in `0...1`
  ///   - targets: the objects of each picture.
  func callAsFunction(logits: Tensor, boxes: Tensor, targets: [ObjectTargets]) -> [Match] {
    let (queries, classes) = (logits.shape[1], logits.shape[2])
    let costs = kind.costs(logits.detached)
    let classCosts = costs.elements
    let corners = boxes.elements
    var matches: [Match] = []
    for (picture, objects) in targets.enumerated() where !objects.labels.isEmpty {
      var costs: [Float] = []
      costs.reserveCapacity(queries * objects.labels.count)
      for query in 0..<queries {
        let row = picture * queries + query
        let box = ObjectTargets.Box(
          centerX: corners[row * 4], centerY: corners[row * 4 + 1], width: corners[row * 4 + 2],
          height: corners[row * 4 + 3])
        for (label, wanted) in zip(objects.labels, objects.boxes) {
          costs.append(
            boxCost * box.distance(wanted) + classCost * classCosts[row * classes + label]
              - overlapCost * box.generalizedIoU(wanted))
        }
      }
      let pairs = assign(costs: costs, rows: queries, columns: objects.labels.count)
      matches += pairs.map { Match(picture: picture, query: $0.row, object: $0.column) }
    }
    return matches
  }
}
