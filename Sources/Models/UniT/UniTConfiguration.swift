import Inputs
import Layers

/// Every dimension of a UniT model and the table of its tasks, as `config.json` holds them.
public struct UniTConfiguration: Codable, Sendable, Equatable {
  /// Version of this file's form; 1.
  public var schema: Int
  /// Family of the model: `unit`.
  public var family: String
  /// The image encoder; nil for a model that reads text only.
  public var image: ImageConfiguration?
  /// The text encoder; nil for a model that sees pictures only.
  public var text: TextConfiguration?
  /// The decoder, shared or one per task.
  public var decoder: DecoderConfiguration
  /// The tasks, one entry each.
  public var tasks: [TaskSpec]
  /// How a picture becomes the network's input.
  public var preprocessing: Preprocessing?

  /// A model of the given parts.
  public init(
    image: ImageConfiguration?, text: TextConfiguration?, decoder: DecoderConfiguration,
    tasks: [TaskSpec], preprocessing: Preprocessing?
  ) {
    schema = 1
    family = "unit"
    self.image = image
    self.text = text
    self.decoder = decoder
    self.tasks = tasks
    self.preprocessing = preprocessing
  }

  /// The task of the given name.
  ///
  /// - Throws: `ConfigurationError.unknownTask` with a suggestion.
  public func task(named name: String) throws -> TaskSpec {
    if let task = tasks.first(where: { $0.name == name }) { return task }
    throw ConfigurationError.unknownTask(name: name, known: tasks.map(\.name))
  }
}

/// The image encoder: convolutional network, projection, Transformer encoder.
public struct ImageConfiguration: Codable, Sendable, Equatable {
  /// The convolutional network.
  public var backbone: BackboneConfiguration
  /// Width of the encoder's states, a multiple of 4.
  public var width: Int
  /// Attention heads.
  public var heads: Int
  /// Width of the hidden layer of the two-layer networks.
  public var feedforward: Int
  /// Number of encoder layers.
  public var layers: Int
  /// Dropout probability in training.
  public var dropout: Float
  /// Whether the layers normalise before each part (true) or after it, as in the original (false).
  public var normalizesBefore: Bool
  /// Whether the projected features are added to the encoder's output
  /// (`residual_in_encoder` of the original, true in all its configurations).
  public var addsProjection: Bool
  /// Rows of the table of task tokens, 256 in the original; 0 for a model without them.
  public var taskEmbeddings: Int
  /// Whether the states are normalised before the first layer and after the last one, so that what
  /// the decoder reads is of the size of its positions; nil or false for the original.
  public var normalizesEnds: Bool?

  enum CodingKeys: String, CodingKey {
    case backbone, width, heads, feedforward, layers, dropout
    case normalizesBefore = "normalize_before"
    case normalizesEnds = "normalize_ends"
    case addsProjection = "residual_in_encoder"
    case taskEmbeddings = "task_embeddings"
  }

  /// An image encoder of the given dimensions.
  public init(
    backbone: BackboneConfiguration, width: Int, heads: Int, feedforward: Int, layers: Int,
    dropout: Float, normalizesBefore: Bool = false, addsProjection: Bool, taskEmbeddings: Int
  ) {
    self.backbone = backbone
    self.width = width
    self.heads = heads
    self.feedforward = feedforward
    self.layers = layers
    self.dropout = dropout
    self.normalizesBefore = normalizesBefore
    self.addsProjection = addsProjection
    self.taskEmbeddings = taskEmbeddings
  }

  var transformer: TransformerShape {
    TransformerShape(
      width: width, heads: heads, feedforward: feedforward, dropout: dropout,
      normalizesBefore: normalizesBefore)
  }
}

/// The text encoder: BERT of any size.
public struct TextConfiguration: Codable, Sendable, Equatable {
  /// Number of word pieces.
  public var vocabulary: Int
  /// Width of the states.
  public var width: Int
  /// Attention heads.
  public var heads: Int
  /// Width of the hidden layer of the two-layer networks.
  public var feedforward: Int
  /// Number of layers.
  public var layers: Int
  /// Rows of the position table: the longest text in tokens.
  public var positions: Int
  /// Rows of the table of segment types.
  public var types: Int
  /// Dropout probability in training.
  public var dropout: Float
  /// Whether texts are lower-cased and stripped of accents.
  public var lowercases: Bool
  /// Rows of the table of task tokens, 256 in the original; 0 for a model without them.
  public var taskEmbeddings: Int

  enum CodingKeys: String, CodingKey {
    case vocabulary, width, heads, feedforward, layers, positions, types, dropout
    case lowercases = "lowercase"
    case taskEmbeddings = "task_embeddings"
  }

  /// A text encoder of the given dimensions.
  public init(
    vocabulary: Int, width: Int, heads: Int, feedforward: Int, layers: Int, positions: Int,
    types: Int, dropout: Float, lowercases: Bool, taskEmbeddings: Int
  ) {
    self.vocabulary = vocabulary
    self.width = width
    self.heads = heads
    self.feedforward = feedforward
    self.layers = layers
    self.positions = positions
    self.types = types
    self.dropout = dropout
    self.lowercases = lowercases
    self.taskEmbeddings = taskEmbeddings
  }

  var transformer: TransformerShape {
    TransformerShape(width: width, heads: heads, feedforward: feedforward, dropout: dropout)
  }
}

/// The decoder.
public struct DecoderConfiguration: Codable, Sendable, Equatable {
  /// Width of the states; the encoders' states are projected to it where theirs differs.
  public var width: Int
  /// Attention heads.
  public var heads: Int
  /// Width of the hidden layer of the two-layer networks.
  public var feedforward: Int
  /// Number of layers.
  public var layers: Int
  /// Dropout probability in training.
  public var dropout: Float
  /// Whether the layers normalise before each part (true) or after it, as in the original (false).
  public var normalizesBefore: Bool
  /// True: one decoder for all tasks; false: one decoder per task.
  public var isShared: Bool
  /// Whether each layer reads the normalised states of the one before, as transformers' DETR does
  /// when it was trained with `auxiliary_loss`; nil for the original's way, which does not.
  public var normalizesEveryLayer: Bool?

  enum CodingKeys: String, CodingKey {
    case width, heads, feedforward, layers, dropout
    case normalizesBefore = "normalize_before"
    case isShared = "shared"
    case normalizesEveryLayer = "normalize_every_layer"
  }

  /// A decoder of the given dimensions.
  public init(
    width: Int, heads: Int, feedforward: Int, layers: Int, dropout: Float,
    normalizesBefore: Bool = false, isShared: Bool
  ) {
    self.width = width
    self.heads = heads
    self.feedforward = feedforward
    self.layers = layers
    self.dropout = dropout
    self.normalizesBefore = normalizesBefore
    self.isShared = isShared
  }

  var transformer: TransformerShape {
    TransformerShape(
      width: width, heads: heads, feedforward: feedforward, dropout: dropout,
      normalizesBefore: normalizesBefore)
  }
}
