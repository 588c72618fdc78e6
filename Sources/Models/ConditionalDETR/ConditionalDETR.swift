import Inputs
import Layers
import Tensors

/// Conditional DETR (Meng et al., Conditional DETR for Fast Training Convergence, 2021): every query
/// has a reference point, and looks at the memory around it.
///
/// The names of the parameters are those of the original implementation.
public struct ConditionalDETR: DetectionNetwork {
  /// Every dimension.
  public let configuration: ConditionalDETRConfiguration
  private let encoder: ConditionalEncoder
  private let decoder: ConditionalDecoder
  private let referencePoints: MultilayerPerceptron
  private let queries: Embedding

  /// A network; `scope` is the root.
  public init(_ configuration: ConditionalDETRConfiguration, in scope: Scope) throws {
    self.configuration = configuration
    let transformer = configuration.transformer
    let width = transformer.width
    encoder = try ConditionalEncoder(
      backbone: configuration.backbone, shape: transformer.encoderShape,
      layers: transformer.encoder.layers, in: scope)
    decoder = try ConditionalDecoder(
      transformer, labels: configuration.task.labels.count, addsPositions: { $0 == 0 }, in: scope)
    referencePoints = try MultilayerPerceptron(
      widths: [width, width, 2], in: scope["transformer.decoder.ref_point_head"])
    queries = try Embedding(
      rows: configuration.task.queries, width: width, in: scope["query_embed"])
  }

  /// From padded pictures to classes and boxes.
  public func callAsFunction(_ images: ImageBatch) -> DetectionOutputs {
    let memory = encoder(images)
    return stage(.decoder) { decode(memory) }
  }

  private func decode(_ memory: EncodedSequence) -> DetectionOutputs {
    let batch = memory.states.shape[0]
    let width = configuration.transformer.width
    let count = configuration.task.queries
    let positions = queries.weight.tensor.reshaped([1, count, width])
    let points = referencePoints(positions).sigmoid()
    let encoding = pointEncoding(points, width: width) + .zeros([batch, 1, 1])
    let (layers, norm) = (decoder.layers, decoder.norm)
    var x = Tensor.zeros([batch, count, width])
    var states: [Tensor] = []
    for (index, layer) in layers.enumerated() {
      x = layer(
        x, queryPositions: positions,
        querySines: decoder.scaled(encoding, by: x, layer: index), memory: memory)
      if configuration.variant.normalizesEveryLayer { x = norm(x) }
      let isReady = configuration.variant.normalizesEveryLayer && index < layers.count - 1
      states.append(isReady ? x : norm(x))
    }
    let last = states[states.count - 1]
    let centers = concatenated([points.inverseSigmoid(), .zeros([1, count, 2])], axis: 2)
    return DetectionOutputs(
      logits: decoder.classes(last), boxes: (decoder.boxes(last) + centers).sigmoid(),
      states: states, memory: memory)
  }
}
