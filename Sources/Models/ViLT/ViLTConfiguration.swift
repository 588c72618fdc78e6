import Inputs
import Layers

/// Every dimension of a ViLT that answers questions (Kim, Son, Kim, ViLT: Vision-and-Language
/// Transformer Without Convolution or Region Supervision, 2021), as `config.json` holds them.
public struct ViLTConfiguration: Codable, Sendable, Equatable {
  /// Version of this file's form; 1.
  public var schema: Int
  /// Family of the model: `vilt`.
  public var family: String
  /// The layers that read questions and pictures together.
  public var transformer: ViLTTransformerConfiguration
  /// How questions are read.
  public var text: ViLTTextConfiguration
  /// How pictures are cut into patches.
  public var image: ViLTImageConfiguration
  /// The one task: questions about a picture.
  public var tasks: [TaskSpec]
  /// How a picture becomes the network's input.
  public var preprocessing: Preprocessing

  /// A model of the given parts.
  public init(
    transformer: ViLTTransformerConfiguration, text: ViLTTextConfiguration,
    image: ViLTImageConfiguration, task: TaskSpec, preprocessing: Preprocessing = .vilt
  ) {
    schema = 1
    family = "vilt"
    self.transformer = transformer
    self.text = text
    self.image = image
    tasks = [task]
    self.preprocessing = preprocessing
  }

  /// What the model is asked.
  public var task: TaskSpec { tasks[0] }

  /// The published model for VQA v2, ViLT-B/32, 117,588,537 parameters with its 3129 answers.
  public static func official(answers: [String]) -> Self {
    Self(
      transformer: ViLTTransformerConfiguration(
        width: 768, heads: 12, feedforward: 3072, layers: 12),
      text: ViLTTextConfiguration(
        vocabulary: 30_522, positions: 40, types: 2, lowercases: true),
      image: ViLTImageConfiguration(side: 384, patch: 32, modalities: 2),
      task: .question(answers: answers))
  }
}

/// The dimensions of a ViLT's layers.
public struct ViLTTransformerConfiguration: Codable, Sendable, Equatable {
  /// Width of the states.
  public var width: Int
  /// Attention heads.
  public var heads: Int
  /// Width of the hidden layer of the two-layer networks.
  public var feedforward: Int
  /// Number of layers.
  public var layers: Int
  /// Dropout probability in training.
  public var dropout: Float
  /// Added to the variances of the network's normalisations, 1e-12 in the original; the answer
  /// layers have 1e-5 always.
  public var epsilon: Float

  /// Layers of the given dimensions.
  public init(
    width: Int, heads: Int, feedforward: Int, layers: Int, dropout: Float = 0,
    epsilon: Float = 1e-12
  ) {
    self.width = width
    self.heads = heads
    self.feedforward = feedforward
    self.layers = layers
    self.dropout = dropout
    self.epsilon = epsilon
  }

  var shape: TransformerShape {
    TransformerShape(
      width: width, heads: heads, feedforward: feedforward, dropout: dropout,
      normalizesBefore: true)
  }
}

/// How a ViLT reads questions.
public struct ViLTTextConfiguration: Codable, Sendable, Equatable {
  /// Number of word pieces.
  public var vocabulary: Int
  /// Rows of the position table: the longest question in tokens.
  public var positions: Int
  /// Rows of the table of segment types.
  public var types: Int
  /// Whether questions are lower-cased and stripped of accents.
  public var lowercases: Bool

  enum CodingKeys: String, CodingKey {
    case vocabulary, positions, types
    case lowercases = "lowercase"
  }

  /// Tables of the given sizes.
  public init(vocabulary: Int, positions: Int, types: Int, lowercases: Bool) {
    self.vocabulary = vocabulary
    self.positions = positions
    self.types = types
    self.lowercases = lowercases
  }
}

/// How a ViLT cuts pictures into patches.
public struct ViLTImageConfiguration: Codable, Sendable, Equatable {
  /// Side of the square picture that the position table is made for, in pixels; pictures of other
  /// sizes get positions in between.
  public var side: Int
  /// Side of a patch in pixels.
  public var patch: Int
  /// Rows of the table that tells texts (row 0) from pictures (row 1).
  public var modalities: Int

  /// Patches of the given size.
  public init(side: Int, patch: Int, modalities: Int) {
    self.side = side
    self.patch = patch
    self.modalities = modalities
  }

  /// Patches along a side of the square picture.
  public var grid: Int { side / patch }
}

extension Preprocessing {
  /// ViLT's: the shorter side 384, the longer at most 639, both in whole patches of 32 pixels;
  /// bicubic; pixels in -1...1.
  public static let vilt = Preprocessing(
    resize: .multipleOf(divisor: 32, short: 384, longestMaximum: 639), filter: .bicubic,
    mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5])
}

extension TaskSpec {
  /// The only task of a model that does nothing but answer questions about pictures.
  public static func question(answers: [String]) -> TaskSpec {
    TaskSpec(
      name: "vqa", head: "answer", group: "vl", index: 0, queries: 1, inputs: [.image, .text],
      labels: answers)
  }
}
