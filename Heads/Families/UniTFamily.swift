import Inputs
import Layers
import Models

/// Models of this program's own layout: UniT, and everything that is a part of it.
enum UniTFamily {
  static func open(_ folder: ModelFolder) throws -> any AnsweringModel { try model(folder) }

  /// Opens the folder of a UniT.
  static func model(_ folder: ModelFolder) throws -> MultitaskModel {
    // What only a training needs is neither read nor written again.
    let configuration = try configuration(folder).answering
    let seeing = configuration.withoutTexts
    if !folder.readsTexts, let seeing {
      let dropped = configuration.tasks.filter { !seeing.tasks.contains($0) }
      let places = UniTNames.textParts + dropped.flatMap(UniTNames.places)
      return try MultitaskModel(
        seeing, wordPiece: nil,
        source: folder.parameterSource { name in !places.contains { name.hasPrefix($0) } })
    }
    let wordPiece = try configuration.text.map {
      try folder.wordPiece(
        count: $0.vocabulary, key: "text.vocabulary", lowercases: $0.lowercases)
    }
    return try MultitaskModel(
      configuration, wordPiece: wordPiece, source: folder.parameterSource())
  }

  /// Reads and validates the configuration, and looks whether the other files are there.
  static func configuration(_ folder: ModelFolder) throws -> UniTConfiguration {
    let configuration = try folder.strictConfiguration(UniTConfiguration.self)
    try configuration.validate(file: folder.configuration.file, heads: HeadRegistry.names)
    _ = try folder.weightsFile()
    if configuration.text != nil {
      _ = try folder.requiredFile(ModelDirectory.FileName.vocabulary)
    }
    return configuration
  }
}

extension MultitaskModel: AnsweringModel {
  /// `unit`.
  public var family: String { configuration.family }
  /// The configuration's tasks.
  public var tasks: [TaskSpec] { configuration.tasks }
  /// The configuration's preprocessing.
  public var preprocessing: Preprocessing? { configuration.preprocessing }

  /// Those of the text encoder.
  public var textTables: TextTables? {
    configuration.text.map {
      TextTables(vocabulary: $0.vocabulary, positions: $0.positions, types: $0.types)
    }
  }

  /// This program's layout; of transformers' layouts there is one for a DETR.
  public func files(_ layout: ModelLayout) throws -> ModelFiles {
    switch layout {
    case .unit:
      ModelFiles(
        texts: try descriptions, tensors: parameters.map { ($0.name, $0.value) })
    case .huggingFace: try DETRFamily.huggingFaceFiles(self)
    }
  }
}
