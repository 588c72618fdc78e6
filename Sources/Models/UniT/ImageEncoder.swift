import Inputs
import Layers
import Tensors

/// UniT's image encoder: a convolutional network, a projection, and DETR's Transformer encoder,
/// in which a learned token tells the task (Hu and Singh, 2021, section 3.1).
public struct ImageEncoder: Sendable {
  private let configuration: ImageConfiguration
  private let projection: BackboneProjection
  private let layers: [TransformerEncoderLayer]
  private let taskEmbeddings: Embedding?
  private let ends: (first: LayerNorm, last: LayerNorm)?

  /// What the stages of the encoder give; everything later needs only `memory`.
  public struct Output: Sendable {
    /// The convolutional network's features, `[batch, height, width, channels]`.
    public let features: Tensor
    /// Encoded tokens, `[batch, height * width, width]`, with positions and padding.
    public let memory: EncodedSequence
    /// Rows of the feature map.
    public let height: Int
    /// Columns of the feature map.
    public let width: Int
  }

  /// An encoder with the official UniT's parameter names.
  public init(_ configuration: ImageConfiguration, in scope: Scope) throws {
    self.configuration = configuration
    let width = configuration.width
    projection = try BackboneProjection(configuration.backbone, width: width, in: scope)
    layers = try (0..<configuration.layers).map {
      try TransformerEncoderLayer(
        configuration.transformer, in: scope["transformer.encoder.layers"][$0])
    }
    ends =
      configuration.normalizesEnds == true
      ? (
        try LayerNorm(width, in: scope["input_norm"]),
        try LayerNorm(width, in: scope["transformer.encoder.norm"])
      ) : nil
    taskEmbeddings =
      configuration.taskEmbeddings == 0
      ? nil
      : try Embedding(
        rows: configuration.taskEmbeddings, width: width,
        initializer: .normal(standardDeviation: 0.05),
        in: scope["transformer.task_embeddings_enc"])
  }

  /// The convolutional network alone: pixels `[batch, 3, height, width]` to features
  /// `[batch, height / s, width / s, channels]`.
  public func features(of pixels: Tensor) -> Tensor { projection.features(of: pixels) }

  /// The backbone, where it tells groups of classes, too.
  var detailed: DetailedEfficientNet? { projection.detailed }

  /// Encodes padded pictures for a task.
  ///
  /// - Parameters:
  ///   - images: pixels `[batch, 3, height, width]` and what of them is picture.
  ///   - taskIndex: row of the table of task tokens.
  public func callAsFunction(_ images: ImageBatch, taskIndex: Int) -> Output {
    self(images, features: features(of: images.pixels), taskIndex: taskIndex)
  }

  /// Encodes padded pictures whose features are there already, as `features(of:)` gives them.
  public func callAsFunction(_ images: ImageBatch, features: Tensor, taskIndex: Int) -> Output {
    var sequence = projection(images, features: features)
    if let ends { sequence.states = ends.first(sequence.states) }
    var states = encode(sequence, taskIndex: taskIndex)
    if let ends { states = ends.last(states) }
    if configuration.addsProjection { states = states + sequence.states }
    return Output(
      features: features,
      memory: EncodedSequence(
        states: states, positions: sequence.positions, padding: sequence.padding),
      height: features.shape[1], width: features.shape[2])
  }

  private func encode(_ sequence: EncodedSequence, taskIndex: Int) -> Tensor {
    let task = taskEmbeddings?.row(taskIndex)
    let input = task.map { sequence.prepending($0) } ?? sequence
    var x = input.states
    for layer in layers { x = layer(x, positions: input.positions, padding: input.padding) }
    return task == nil ? x : x.sliced(axis: 1, range: 1..<input.tokens)
  }
}

extension ImageBatch {
  /// The pixel mask at the resolution of a feature map, by nearest neighbour as in torch.
  ///
  /// - Returns: `batch * height * width` flags, true inside the picture.
  func mask(height: Int, width: Int) -> [Bool] {
    let (batch, fullHeight, fullWidth) = (count, self.height, self.width)
    func sources(_ small: Int, _ full: Int) -> [Int] {
      let scale = Float(full) / Float(small)
      return (0..<small).map { min(Int(Float($0) * scale), full - 1) }
    }
    let rows = sources(height, fullHeight)
    let columns = sources(width, fullWidth)
    var flags: [Bool] = []
    flags.reserveCapacity(batch * height * width)
    for image in 0..<batch {
      for row in rows {
        let start = (image * fullHeight + row) * fullWidth
        for column in columns { flags.append(mask[start + column]) }
      }
    }
    return flags
  }
}
