import Inputs
import Layers

/// Every dimension of a detector with a backbone, an encoder and a decoder of queries, and its one
/// task, as `config.json` holds them; `Variant` has what the family adds.
public struct DetectorConfiguration<Variant: DetectorVariant>: Codable, Sendable, Equatable {
  /// Version of this file's form; 1.
  public var schema: Int
  /// Family of the model, the variant's.
  public var family: String
  /// The convolutional network.
  public var backbone: BackboneConfiguration
  /// Encoder and decoder.
  public var transformer: DetectorTransformer
  /// What the family adds.
  public var variant: Variant
  /// One detection task.
  public var tasks: [TaskSpec]
  /// How a picture becomes the network's input.
  public var preprocessing: Preprocessing

  /// A model of the given parts.
  public init(
    backbone: BackboneConfiguration, transformer: DetectorTransformer, variant: Variant,
    task: TaskSpec, preprocessing: Preprocessing
  ) {
    schema = 1
    family = Variant.family
    self.backbone = backbone
    self.transformer = transformer
    self.variant = variant
    tasks = [task]
    self.preprocessing = preprocessing
  }

  /// The detection task; its labels are the rows of the class layer.
  public var task: TaskSpec { tasks[0] }

  /// Checks that the dimensions describe a model, before anything is allocated.
  ///
  /// - Parameter file: the configuration's file, for error messages.
  /// - Throws: `ConfigurationError.invalid`.
  public func validate(file: String) throws {
    let checker = ConfigurationChecker(file: file)
    try checker.range("schema", schema, 1...1)
    if family != Variant.family {
      throw checker.invalid("family", "'\(Variant.family)'", "'\(family)'")
    }
    try checker.check(backbone, at: "backbone")
    try transformer.check(checker)
    try variant.check(checker)
    if tasks.count != 1 { throw checker.invalid("tasks", "one task", "\(tasks.count)") }
    if task.head != "detection" || task.inputs != [.image] {
      throw checker.invalid("tasks[0]", "a detection task that reads a picture", task.head)
    }
    try checker.range("tasks[0].queries", task.queries, 1...10_000)
    try checker.range("tasks[0].labels (count)", task.labels.count, 1...1_000_000)
    try checker.distinct("tasks[0].labels", task.labels)
    if let ids = task.labelIDs, ids.count != task.labels.count {
      throw checker.invalid(
        "tasks[0].label_ids", "\(task.labels.count) numbers", "\(ids.count)")
    }
  }
}

/// What one family of detectors adds to the common configuration.
public protocol DetectorVariant: Codable, Sendable, Equatable {
  /// The family's name in `config.json`.
  static var family: String { get }
  /// Throws `ConfigurationError.invalid` for values that no model can have.
  func check(_ checker: ConfigurationChecker) throws
}

/// Encoder and decoder of a detector.
public struct DetectorTransformer: Codable, Sendable, Equatable {
  /// The layers of the encoder or of the decoder.
  public struct Stack: Codable, Sendable, Equatable {
    /// Number of layers.
    public var layers: Int
    /// Attention heads.
    public var heads: Int
    /// Width of the hidden layer of the two-layer networks.
    public var feedforward: Int

    /// Layers of the given dimensions.
    public init(layers: Int, heads: Int, feedforward: Int) {
      self.layers = layers
      self.heads = heads
      self.feedforward = feedforward
    }
  }

  /// Width of the states, a multiple of 4.
  public var width: Int
  /// The encoder's layers.
  public var encoder: Stack
  /// The decoder's layers.
  public var decoder: Stack
  /// Dropout probability in training.
  public var dropout: Float
  /// The function inside the two-layer networks.
  public var activation: FeedForwardActivation

  /// An encoder and a decoder of the given dimensions.
  public init(
    width: Int, encoder: Stack, decoder: Stack, dropout: Float, activation: FeedForwardActivation
  ) {
    self.width = width
    self.encoder = encoder
    self.decoder = decoder
    self.dropout = dropout
    self.activation = activation
  }

  var encoderShape: TransformerShape { shape(encoder) }
  var decoderShape: TransformerShape { shape(decoder) }

  private func shape(_ stack: Stack) -> TransformerShape {
    TransformerShape(
      width: width, heads: stack.heads, feedforward: stack.feedforward, dropout: dropout,
      activation: activation)
  }

  func check(_ checker: ConfigurationChecker) throws {
    for (name, stack) in [("encoder", encoder), ("decoder", decoder)] {
      try checker.transformer(
        "transformer.\(name)", width, stack.heads, stack.feedforward, stack.layers, dropout)
    }
    try checker.range("transformer.decoder.layers", decoder.layers, 1...128)
    if width % 4 != 0 { throw checker.invalid("transformer.width", "a multiple of 4", "\(width)") }
  }
}
