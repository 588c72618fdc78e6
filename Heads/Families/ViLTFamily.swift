import Checkpoints
import Inputs
import Layers
import Models
import Tensors

/// ViLT for visual question answering (Kim, Son, Kim, 2021); the parameters have the names that
/// transformers gives them.
enum ViLTFamily {
  /// Opens a folder of this program's layout.
  static func open(_ folder: ModelFolder) throws -> any AnsweringModel {
    let configuration = try folder.strictConfiguration(ViLTConfiguration.self)
    try configuration.validate(file: folder.configuration.file)
    return try model(
      configuration, folder, vocabularyKey: "text.vocabulary", weights: folder.weights())
  }

  /// Opens a folder of transformers' layout.
  ///
  /// - Throws: `ViLTError.otherHead` for a ViLT that does not answer questions.
  static func openHuggingFace(_ folder: ModelFolder) throws -> any AnsweringModel {
    let weights = try folder.weights()
    let answers = try answerCount(weights)
    let configuration = try HuggingFaceViLT.configuration(folder, answers: answers)
    try configuration.validate(file: folder.configuration.file)
    return try model(configuration, folder, vocabularyKey: "vocab_size", weights: weights)
  }

  /// The files of a folder in one of the layouts.
  static func files(of model: ViLTModel, _ layout: ModelLayout) throws -> ModelFiles {
    typealias FileName = ModelDirectory.FileName
    let configuration = model.configuration
    let tensors = model.parameters.map { (name: $0.name, tensor: $0.value) }
    let vocabulary = model.wordPiece.map { [(FileName.vocabulary, $0.vocabulary.fileText)] } ?? []
    switch layout {
    case .unit:
      return ModelFiles(
        texts: [(FileName.configuration, try configurationText(configuration))] + vocabulary,
        tensors: tensors)
    case .huggingFace:
      return ModelFiles(
        texts: try HuggingFaceViLT.texts(configuration) + vocabulary, tensors: tensors,
        metadata: ["format": "pt"])
    }
  }

  private static func model(
    _ configuration: ViLTConfiguration, _ folder: ModelFolder, vocabularyKey: String,
    weights: (tensors: [String: Tensor], file: String)
  ) throws -> ViLTModel {
    let text = configuration.text
    return try ViLTModel(
      configuration,
      wordPiece: folder.wordPiece(
        count: text.vocabulary, key: vocabularyKey, lowercases: text.lowercases),
      source: folder.parameterSource(weights.tensors, file: weights.file))
  }

  /// Rows of the last answer layer.
  private static func answerCount(
    _ weights: (tensors: [String: Tensor], file: String)
  ) throws -> Int {
    let tensors = weights.tensors
    func has(_ prefix: String) -> Bool { tensors.keys.contains { $0.hasPrefix(prefix) } }
    func other(_ found: String) -> ViLTError { .otherHead(file: weights.file, found: found) }
    if has("mlm_score.") { throw other("one that fills in words ('mlm_score', ViltForMaskedLM)") }
    if has("rank_output.") {
      throw other("one for retrieval ('rank_output', ViltForImageAndTextRetrieval)")
    }
    guard has("classifier.") else { throw other("none of them") }
    if tensors["classifier.weight"] != nil {
      throw other("one that labels words ('classifier', ViltForTokenClassification)")
    }
    // The classifier of pairs of pictures sees the states of both.
    if let hidden = tensors["classifier.0.weight"],
      let pooler = tensors["vilt.pooler.dense.weight"], hidden.rank == 2, pooler.rank == 2,
      hidden.shape[1] > pooler.shape[0]
    {
      throw other(
        "one for several pictures ('classifier.0' reads \(hidden.shape[1]) numbers of "
          + "\(pooler.shape[0]), ViltForImagesAndTextClassification)")
    }
    guard let output = tensors["classifier.3.weight"], output.rank == 2 else {
      throw other("no matrix 'classifier.3.weight'")
    }
    return output.shape[0]
  }
}
