import Inputs
import Layers
import Models
import Tensors

/// A model that answers requests, whatever its family: what the commands talk to.
///
/// A family implements what it can do; everything else says that there is no such task. A model
/// is never written after it is built; any number of threads may use it at once.
public protocol AnsweringModel: Sendable {
  /// Name of the family in the registry of families.
  var family: String { get }
  /// What the model can be asked, at least one entry.
  var tasks: [TaskSpec] { get }
  /// Every parameter, in the order of a checkpoint.
  var parameters: [Parameter] { get }
  /// How a picture becomes the network's input; nil for a model that sees none.
  var preprocessing: Preprocessing? { get }
  /// The tokenizer; nil for a model that reads no texts.
  var wordPiece: WordPiece? { get }

  /// The rows of the tables that texts are looked up in; nil for a model that reads no texts.
  var textTables: TextTables? { get }

  /// All objects that the model sees in an upright picture, most probable first, in its pixels.
  func detect(_ image: Image, task: TaskSpec, attributes: Bool) throws -> [Detection]

  /// For each text about an upright picture its answers, most probable first.
  func ask(_ image: Image, _ texts: [String], task: TaskSpec) throws -> [[RankedAnswer]]

  /// The classes of a text or of a pair of texts, most probable first.
  func read(_ text: String, _ second: String?, task: TaskSpec) throws -> [RankedAnswer]

  /// One vector for each text, `[texts, width]`.
  func embeddings(_ texts: [String], task: TaskSpec) throws -> Tensor

  /// The classes of an upright picture, most probable first.
  func classify(_ image: Image, task: TaskSpec) throws -> [RankedAnswer]

  /// The network's outputs for given inputs, by the names that the reference gives them.
  ///
  /// - Parameters:
  ///   - images: pictures `[batch, 3, height, width]`, for a task that sees them.
  ///   - texts: tokens `[batch, length]`, for a task that reads them.
  func forward(images: ImageBatch?, texts: TokenBatch?, task: TaskSpec) throws
    -> [(name: String, tensor: Tensor)]

  /// Everything that a folder of this model holds, in one of the layouts.
  ///
  /// - Throws: `AnsweringError.noLayout` where the layout cannot hold the model.
  func files(_ layout: ModelLayout) throws -> ModelFiles
}

extension AnsweringModel {
  /// None: the model sees pictures only.
  public var textTables: TextTables? { nil }

  /// None: the model reads no texts.
  public var wordPiece: WordPiece? { nil }

  /// The longest text that the task reads, in tokens, the special ones counted.
  public func maximumTokens(of task: TaskSpec) -> Int? {
    task.maximumTokens ?? textTables?.positions
  }

  /// Number of weights.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// Not one of this family's tasks.
  public func detect(_ image: Image, task: TaskSpec, attributes: Bool) throws -> [Detection] {
    throw AnsweringError.noTask(use: .detection)
  }

  /// Not one of this family's tasks.
  public func ask(_ image: Image, _ texts: [String], task: TaskSpec) throws -> [[RankedAnswer]] {
    throw AnsweringError.noTask(use: .question)
  }

  /// Not one of this family's tasks.
  public func read(_ text: String, _ second: String?, task: TaskSpec) throws -> [RankedAnswer] {
    throw AnsweringError.noTask(use: .text)
  }

  /// Not one of this family's tasks.
  public func embeddings(_ texts: [String], task: TaskSpec) throws -> Tensor {
    throw AnsweringError.noTask(use: .text)
  }

  /// Not one of this family's tasks.
  public func classify(_ image: Image, task: TaskSpec) throws -> [RankedAnswer] {
    throw AnsweringError.noTask(use: .picture)
  }
}

/// The rows of the tables that BERT looks a text up in.
public struct TextTables: Sendable, Equatable {
  /// Number of word pieces.
  public var vocabulary: Int
  /// The longest text in tokens.
  public var positions: Int
  /// Number of segment types.
  public var types: Int

  /// Tables of the given sizes.
  public init(vocabulary: Int, positions: Int, types: Int) {
    self.vocabulary = vocabulary
    self.positions = positions
    self.types = types
  }
}
