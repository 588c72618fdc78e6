import Checkpoints
import Inputs
import Layers
import Models
import Tensors

/// Image classifiers: torchvision's and transformers' ResNets, and EfficientNet-Lite.
public enum ImageClassifierFamily {
  /// Opens a folder of this program's layout.
  static func open(_ folder: ModelFolder) throws -> any AnsweringModel {
    var configuration = try folder.strictConfiguration(ImageClassifierConfiguration.self)
    for task in configuration.tasks.indices {
      configuration.tasks[task].labels = ImageClassifierConfiguration.toldApart(
        configuration.tasks[task].labels)
    }
    try configuration.validate(file: folder.configuration.file)
    return try ImageClassifierModel(configuration, source: folder.parameterSource())
  }

  /// Opens a ResNet of transformers' layout.
  static func openHuggingFace(_ folder: ModelFolder) throws -> any AnsweringModel {
    let configuration = ImageClassifierConfiguration(
      backbone: .resNet(try HuggingFaceBackbone.resNet(folder.configuration)),
      labels: try folder.labels(count: 1000),
      preprocessing: try folder.preprocessing(standard: .torchvisionClassifier))
    try configuration.validate(file: folder.configuration.file)
    let (tensors, file) = try folder.weights()
    let canonical = try resNetNames.canonical(tensors, file: file)
    return try ImageClassifierModel(
      configuration, source: folder.parameterSource(canonical, file: file))
  }

  /// The files of a folder in one of the layouts.
  ///
  /// - Throws: `AnsweringError.noLayout` for an EfficientNet-Lite, which transformers does not have.
  static func files(
    of model: ImageClassifierModel, _ layout: ModelLayout
  ) throws -> ModelFiles {
    typealias FileName = ModelDirectory.FileName
    let configuration = model.configuration
    let tensors = model.parameters.map { (name: $0.name, tensor: $0.value) }
    if layout == .unit {
      return ModelFiles(
        texts: [(FileName.configuration, try configurationText(configuration))], tensors: tensors)
    }
    guard let network = configuration.backbone.resNet else {
      throw AnsweringError.noLayout(layout: layout, family: model.family)
    }
    let description = HuggingFaceResNet(network, classes: configuration.tasks[0].labels)
    return ModelFiles(
      texts: [
        (FileName.configuration, try configurationText(description)),
        (
          FileName.preprocessing,
          [UInt8](try configuration.preprocessing.huggingFaceJSON(for: .convNext))
        ),
      ],
      tensors: resNetNames.original(tensors), metadata: ["format": "pt"])
  }

  /// transformers' names of a ResNet with classes, against torchvision's.
  static let resNetNames = RenameTable(
    """
    \(ResNetNames.huggingFace(root: "resnet", canonical: ""))
    classifier.1.<p> = fc.<p>
    """)
}
