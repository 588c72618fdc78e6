import Models

/// A family of models: how its folders are opened.
public struct ModelFamily: Sendable {
  /// The `family` of its configurations.
  public let name: String
  /// The `model_type`s of transformers that are models of this family.
  public let huggingFaceTypes: [String]
  /// Opens a folder of this program's layout.
  let open: @Sendable (ModelFolder) throws -> any AnsweringModel
  /// Opens a folder of transformers' layout.
  let openHuggingFace: @Sendable (ModelFolder) throws -> any AnsweringModel
}

/// The families of models; a new one is one line here.
public enum FamilyRegistry {
  /// Every family.
  public static let families: [ModelFamily] = [
    ModelFamily(
      name: "unit", huggingFaceTypes: ["detr"], open: UniTFamily.open,
      openHuggingFace: DETRFamily.openHuggingFace),
    QueryDetector<ConditionalDETR>.family,
    QueryDetector<DABDETR>.family,
    ModelFamily(
      name: "bert", huggingFaceTypes: ["bert"], open: BERTFamily.open,
      openHuggingFace: BERTFamily.openHuggingFace),
    ModelFamily(
      name: "resnet", huggingFaceTypes: ["resnet"], open: ImageClassifierFamily.open,
      openHuggingFace: ImageClassifierFamily.openHuggingFace),
    ModelFamily(
      name: "efficientnet", huggingFaceTypes: [], open: ImageClassifierFamily.open,
      openHuggingFace: ImageClassifierFamily.openHuggingFace),
    ModelFamily(
      name: "vilt", huggingFaceTypes: ["vilt"], open: ViLTFamily.open,
      openHuggingFace: ViLTFamily.openHuggingFace),
  ]

  /// The layouts of bare checkpoints, tried in this order.
  static let layouts: [CheckpointLayout] =
    [.unit, FacebookDETR.layout] + ImageClassifierFamily.layouts

  /// Opens the model of a folder, whatever its family and layout.
  ///
  /// - Throws: `ConfigurationError` where the configuration names no known family, and what the
  ///   family throws.
  static func open(_ folder: ModelFolder) throws -> any AnsweringModel {
    let configuration = folder.configuration
    if configuration.has("family") {
      let name = try configuration.string("family")
      guard let family = families.first(where: { $0.name == name }) else {
        throw configuration.invalid("family", expected: list(families.map(\.name)))
      }
      return try family.open(folder)
    }
    guard configuration.has("model_type") else {
      throw ConfigurationError.malformed(
        file: configuration.file,
        reason: "expected the entry 'family' of this program's models or the entry 'model_type' "
          + "of transformers' models, found neither. Convert the model with 'unit convert'.")
    }
    let type = try configuration.string("model_type")
    guard let family = families.first(where: { $0.huggingFaceTypes.contains(type) }) else {
      throw configuration.invalid(
        "model_type", expected: list(families.flatMap(\.huggingFaceTypes)))
    }
    return try family.openHuggingFace(folder)
  }

  private static func list(_ names: [String]) -> String {
    "one of " + names.map { "'\($0)'" }.joined(separator: ", ")
  }
}
