import Layers
import Models
import Tensors

/// The attributes of an object, read from its state and an embedding of its class (the attribute
/// predictor of BUTD, as UniT trains it on Visual Genome).
///
/// As in the original there is no activation between the two linear layers, and a ReLU on the
/// logits.
struct AttributeHead: Sendable {
  private let classes: Embedding
  private let linear1: Linear
  private let linear2: Linear

  init(_ context: HeadContext, attributes: AttributeSpec, in scope: Scope) throws {
    let place = scope["det_losses.\(context.task.name).attribute_head"]
    classes = try Embedding(
      rows: context.task.labels.count + 1, width: attributes.embedding,
      in: place["cls_embed"])
    linear1 = try Linear(
      context.width + attributes.embedding, attributes.hidden, in: place["attr_linear1"])
    linear2 = try Linear(
      attributes.hidden, attributes.labels.count, in: place["attr_linear2"].exact)
  }

  /// Attribute logits.
  ///
  /// - Parameters:
  ///   - states: `[objects, width]`
  ///   - labels: each object's row in the class layer.
  /// - Returns: `[objects, attributes]`, never negative.
  func callAsFunction(_ states: Tensor, labels: [Int]) -> Tensor {
    let embedded = classes(labels, shape: [labels.count])
    return linear2(linear1(concatenated([states, embedded], axis: 1)), activation: .relu)
  }
}

/// Half the cross-entropy of each object, averaged over its attributes, then over the objects
/// whose loss is not zero (UniT, after maskrcnn-benchmark's attribute loss).
///
/// - Parameters:
///   - logits: `[objects, attributes]`
///   - attributes: rows of each object's attributes; objects without any do not count.
func attributeLoss(_ logits: Tensor, attributes: [[Int]]) -> Tensor {
  guard attributes.contains(where: { !$0.isEmpty }) else { return Tensor(0) }
  let columns = logits.shape[1]
  var weights = [Float](repeating: 0, count: logits.count)
  for (object, rows) in attributes.enumerated() {
    for row in rows { weights[object * columns + row] -= 0.5 / Float(rows.count) }
  }
  let perObject = (logits.logSoftmax() * Tensor(weights, shape: logits.shape)).sum(axes: [1])
  let counted = perObject.elements.count { $0 != 0 }
  return perObject.sum() * (1 / Float(max(counted, 1)))
}
