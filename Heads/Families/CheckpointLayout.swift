import Checkpoints
import Layers
import Models
import Tensors

/// A layout of bare checkpoints, which have no `config.json` beside them: the configuration is
/// read from names, shapes and what else the file holds.
public struct CheckpointLayout: Sendable {
  /// What `unit convert --family` calls it.
  public let name: String
  /// Whether the names and shapes of a file's tensors are those of this layout.
  let recognizes: @Sendable ([String: Shape]) -> Bool
  /// Opens a checkpoint of this layout.
  let open: @Sendable (any TensorArchive, ImportOptions) throws -> any AnsweringModel
}

/// What a bare checkpoint does not say and its user may.
public struct ImportOptions: Sendable {
  /// The names of the classes or answers by row; nil for the layout's own.
  public var labels: [String]?
  /// The file of word pieces; nil for `vocab.txt` beside the checkpoint.
  public var vocabulary: String?
  /// Whether the last stage of the convolutional network is dilated (DC5), which the shapes do not
  /// tell; nil for what the checkpoint or the name of its file says.
  public var dilatesLastStage: Bool?
  /// Is told what the user should know of the result.
  public var note: @Sendable (String) -> Void

  /// Options; nothing is said unless given.
  public init(
    labels: [String]? = nil, vocabulary: String? = nil, dilatesLastStage: Bool? = nil,
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.labels = labels
    self.vocabulary = vocabulary
    self.dilatesLastStage = dilatesLastStage
    self.note = note
  }
}

extension FamilyRegistry {
  /// The names of all layouts of bare checkpoints.
  public static var layoutNames: [String] { layouts.map(\.name) }

  /// Opens a bare checkpoint.
  ///
  /// - Parameters:
  ///   - archive: the checkpoint.
  ///   - layout: the name of its layout; nil to recognize it by its names.
  /// - Throws: `ImportError`, and what the layout throws.
  public static func open(
    _ archive: any TensorArchive, layout: String? = nil, options: ImportOptions = ImportOptions()
  ) throws -> any AnsweringModel {
    let known: CheckpointLayout?
    if let layout {
      known = layouts.first { $0.name == layout }
      if known == nil { throw ImportError.unknownLayout(name: layout, known: layoutNames) }
    } else {
      let shapes = Dictionary(archive.entries.map { ($0.name, $0.shape) }) { first, _ in first }
      known = layouts.first { $0.recognizes(shapes) }
    }
    guard let known else {
      throw ImportError.unrecognized(
        file: archive.path, example: archive.entries.first?.name ?? "none", known: layoutNames)
    }
    do {
      return try known.open(archive, options)
    } catch let error as ParameterError {
      throw ImportError.unfit(error)
    }
  }
}

/// A bare checkpoint that cannot be made a model.
public enum ImportError: Error, CustomStringConvertible, Equatable {
  /// The layout that the user named does not exist.
  case unknownLayout(name: String, known: [String])
  /// The names of the tensors are of no known layout.
  case unrecognized(file: String, example: String, known: [String])
  /// The list of names has another length than the layer that it names.
  case wrongLabelCount(file: String, expected: Int, found: Int)
  /// The weights do not fit the network that their names and shapes tell.
  case unfit(ParameterError)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .unknownLayout(let name, let known):
      return "there is no family '\(name)'; expected auto or one of "
        + "\(known.joined(separator: ", "))."
    case .unrecognized(let file, let example, let known):
      return
        "\(file): expected the tensors of one of \(known.joined(separator: ", ")), found names "
        + "such as '\(example)'. Weights of transformers need their config.json: give the folder "
        + "that holds both."
    case .wrongLabelCount(let file, let expected, let found):
      return "\(file): expected \(expected) labels, one for each row of the class layer, "
        + "found \(found)."
    case .unfit(let error):
      return "\(error.fact) The checkpoint is incomplete or was changed; fetch it again."
    }
  }
}
