import Inputs
import Layers
import Tensors

/// DAB-DETR (Liu et al., DAB-DETR: Dynamic Anchor Boxes are Better Queries for DETR, 2022): every
/// query is a box that each decoder layer refines, and whose extent shapes what the query looks at.
///
/// The names of the parameters are those of the original implementation.
public struct DABDETR: DetectionNetwork {
  /// Every dimension.
  public let configuration: DABDETRConfiguration
  private let encoder: ConditionalEncoder
  private let decoder: ConditionalDecoder
  private let anchorPositions: MultilayerPerceptron
  private let anchorExtents: MultilayerPerceptron
  private let anchors: Embedding
  private let patterns: Embedding?

  /// A network; `scope` is the root.
  public init(_ configuration: DABDETRConfiguration, in scope: Scope) throws {
    self.configuration = configuration
    let (transformer, variant) = (configuration.transformer, configuration.variant)
    let width = transformer.width
    encoder = try ConditionalEncoder(
      backbone: configuration.backbone, shape: transformer.encoderShape,
      layers: transformer.encoder.layers, positions: variant.positions, scalesPositions: true,
      normalizes: variant.normalizesMemory, in: scope)
    decoder = try ConditionalDecoder(
      transformer, labels: configuration.task.labels.count,
      addsPositions: { $0 == 0 || variant.keepsQueryPositions }, in: scope)
    let place = scope["transformer.decoder"]
    anchorPositions = try MultilayerPerceptron(
      widths: [2 * width, width, width], in: place["ref_point_head"])
    anchorExtents = try MultilayerPerceptron(
      widths: [width, width, 2], in: place["ref_anchor_head"])
    anchors = try Embedding(
      rows: configuration.task.queries, width: 4, in: scope["refpoint_embed"])
    patterns =
      variant.patterns == 0
      ? nil
      : try Embedding(rows: variant.patterns, width: width, in: scope["transformer.patterns"])
  }

  /// From padded pictures to classes and boxes.
  public func callAsFunction(_ images: ImageBatch) -> DetectionOutputs {
    let memory = encoder(images)
    return stage(.decoder) { decode(memory) }
  }

  private func decode(_ memory: EncodedSequence) -> DetectionOutputs {
    var (x, reference) = queries(batch: memory.states.shape[0])
    var states: [Tensor] = []
    var before = reference
    for (index, layer) in decoder.layers.enumerated() {
      // After the first layer, anchors are constants inside a layer: gradients reach them through
      // the boxes only.
      let anchor = index == 0 ? reference : reference.detached
      let encoding = pointEncoding(anchor, width: configuration.transformer.width)
      x = layer(
        x, queryPositions: anchorPositions(encoding),
        querySines: sines(encoding, anchor: anchor, states: x, layer: index), memory: memory)
      states.append(decoder.norm(x))
      before = reference
      reference = (decoder.boxes(x) + anchor.inverseSigmoid()).sigmoid()
    }
    let last = states[states.count - 1]
    return DetectionOutputs(
      logits: decoder.classes(last),
      boxes: (decoder.boxes(last) + before.inverseSigmoid()).sigmoid(), states: states,
      memory: memory)
  }

  /// The states and the anchors that decoding begins with, `[batch, queries, width]` and
  /// `[batch, queries, 4]`; with patterns, every anchor once for each of them.
  private func queries(batch: Int) -> (states: Tensor, anchors: Tensor) {
    let count = configuration.task.queries
    let width = configuration.transformer.width
    let places = anchors.weight.tensor.sigmoid().reshaped([1, count, 4])
    guard let patterns else {
      return (.zeros([batch, count, width]), places + .zeros([batch, 1, 1]))
    }
    let kinds = configuration.variant.patterns
    let repeated = patterns.weight.tensor.reshaped([kinds, 1, width]) + .zeros([1, count, 1])
    let all = concatenated([Tensor](repeating: places, count: kinds), axis: 1)
    return (
      repeated.reshaped([1, kinds * count, width]) + .zeros([batch, 1, 1]),
      all + .zeros([batch, 1, 1])
    )
  }

  /// The part of an anchor's encoding that the attention compares: its centre, scaled by the state
  /// and by the anchor's extent against the one that the state asks for.
  private func sines(_ encoding: Tensor, anchor: Tensor, states: Tensor, layer: Int) -> Tensor {
    let width = configuration.transformer.width
    let center = decoder.scaled(
      encoding.sliced(axis: 2, range: 0..<width), by: states, layer: layer)
    let wanted = anchorExtents(states).sigmoid()
    func column(_ tensor: Tensor, _ index: Int) -> Tensor {
      tensor.sliced(axis: 2, range: index..<index + 1)
    }
    func modulated(_ range: Range<Int>, wanted column1: Int, by column2: Int) -> Tensor {
      center.sliced(axis: 2, range: range) * (column(wanted, column1) / column(anchor, column2))
    }
    return concatenated(
      [
        modulated(0..<width / 2, wanted: 1, by: 3),
        modulated(width / 2..<width, wanted: 0, by: 2),
      ], axis: 2)
  }
}
