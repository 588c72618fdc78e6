import Layers
import Tensors

/// How a box tells a query where to look (Conditional DETR, Meng et al., 2021; DAB-DETR, Liu et
/// al., 2022), for DETR's decoder layers as they are.
///
/// The parameters have the names of DAB-DETR's decoder.
struct BoxPositions: Sendable {
  private let head: MultilayerPerceptron
  private let scale: MultilayerPerceptron
  private let width: Int

  init(width: Int, in scope: Scope) throws {
    head = try MultilayerPerceptron(
      widths: [2 * width, width, width], in: scope["ref_point_head"])
    scale = try MultilayerPerceptron(widths: [width, width, width], in: scope["query_scale"])
    self.width = width
  }

  /// Positions of the queries among themselves, and where they look at the memory.
  ///
  /// - Parameters:
  ///   - boxes: `[batch, queries, 4]`
  ///   - states: the states of the layer before, by which the encoding of the boxes' centres is
  ///     scaled; nil in the first layer.
  /// - Returns: `[batch, queries, width]` each.
  func callAsFunction(_ boxes: Tensor, states: Tensor?) -> (own: Tensor, looking: Tensor) {
    let encoding = pointEncoding(boxes, width: width)
    let own = head(encoding)
    let centre = encoding.sliced(axis: 2, range: 0..<width)
    return (own, own + (states.map { centre * scale($0) } ?? centre))
  }
}

/// The queries of a detection task that have boxes, and the layer that moves them.
struct ReferenceBoxes: Sendable {
  private let references: Embedding
  private let move: MultilayerPerceptron

  /// Boxes anywhere in the picture, of all sizes; `base` is the root of UniT's own names, `scope`
  /// that of the model's.
  init(_ task: TaskSpec, width: Int, base: Scope, in scope: Scope) throws {
    references = try Embedding(
      rows: task.queries, width: 4, initializer: Self.anywhere,
      in: base["reference_boxes"]["\(task.group).\(task.name)"])
    move = try MultilayerPerceptron(
      widths: [width, width, width, 4], last: .zeros, in: scope["bbox_embeds.\(task.name)"])
  }

  /// How the numbers behind the boxes begin, before the sigmoid.
  static let anywhere = Initializer.uniform(-2.2..<2.2)

  /// The boxes before the first layer, `[1, queries, 4]` in `0...1`.
  var start: Tensor {
    let table = references.weight.tensor
    return table.sigmoid().reshaped([1, table.shape[0], 4])
  }

  /// The boxes that the states ask for.
  func moved(_ boxes: Tensor, by states: Tensor) -> Tensor {
    (move(states) + boxes.inverseSigmoid()).sigmoid()
  }
}

extension QueryDecoder {
  /// Decodes with queries that have boxes.
  ///
  /// After the first layer, boxes are constants inside a layer: gradients reach them through the
  /// box that the layer gives only.
  ///
  /// - Parameters:
  ///   - memory: `[batch, tokens, width]` with positions and padding.
  ///   - queries: the states that the queries begin with, `[queries, width]`.
  ///   - boxes: the queries' boxes.
  ///   - further: queries behind them.
  func callAsFunction(
    _ memory: EncodedSequence, queries: Tensor, boxes: ReferenceBoxes,
    further: FurtherQueries? = nil
  ) -> [DecodedLayer] {
    guard let boxPositions else { preconditionFailure("the decoder reads no boxes") }
    let (batch, count) = (memory.states.shape[0], queries.shape[0])
    let placed = memory.states + memory.positions
    var x = queries.reshaped([1, count, width]) + .zeros([batch, 1, 1])
    var reference = boxes.start + .zeros([batch, 1, 1])
    if let further {
      x = concatenated([x, further.states], axis: 1)
      reference = concatenated([reference, further.places], axis: 1)
    }
    let groups = further.map { [QueryGroup(length: count)] + $0.groups }
    var states: Tensor?
    return layers.map { layer in
      let (own, looking) = boxPositions(reference, states: states)
      x = layer(
        x, queryPositions: own, lookingPositions: looking,
        memory: layer.crossAttention.projected(key: placed, value: memory.states),
        padding: memory.padding, groups: groups)
      let normalized = norm(x)
      let moved = boxes.moved(reference, by: normalized)
      reference = moved.detached
      states = normalized
      return DecodedLayer(states: normalized, boxes: moved)
    }
  }
}
