import Checkpoints
import Layers
import Models
import Tensors

/// Bare checkpoints of image classifiers: torchvision's ResNets, told by their shapes, and the
/// EfficientNet-Lites of their PyTorch port, by name or by their shapes.
extension ImageClassifierFamily {
  static let layouts =
    [
      CheckpointLayout(
        name: "resnet",
        recognizes: { $0["fc.weight"] != nil && ResNetConfiguration.inferred(from: $0) != nil },
        open: { archive, options in try model(archive, efficientNetLite: nil, options) })
    ]
    + EfficientNetLiteConfiguration.names.enumerated().map { variant, name in
      CheckpointLayout(
        name: name, recognizes: { hasShapes($0, ofEfficientNetLite: variant) },
        open: { archive, options in try model(archive, efficientNetLite: variant, options) })
    }

  private static func model(
    _ archive: any TensorArchive, efficientNetLite variant: Int?, _ options: ImportOptions
  ) throws -> ImageClassifierModel {
    try model(
      efficientNetLite: variant, tensors: archive.tensors(), file: archive.path,
      labels: options.labels)
  }

  // Depth and width of the networks differ in the last stage but one.
  private static func hasShapes(
    _ shapes: [String: Shape], ofEfficientNetLite variant: Int
  ) -> Bool {
    guard shapes["_conv_stem.weight"] != nil,
      let stages = EfficientNetLiteConfiguration.lite(variant)?.stages
    else { return false }
    let last = stages.reduce(0) { $0 + $1.blocks } - 1
    func width(_ block: Int) -> Int? { shapes["_blocks.\(block)._project_conv.weight"]?.first }
    return width(last) == stages[stages.count - 1].width && width(last + 1) == nil
      && width(last - 1) == stages[stages.count - 2].width
  }

  /// A classifier of the given weights.
  ///
  /// - Parameters:
  ///   - variant: number of an EfficientNet-Lite, 0 to 4; nil for a ResNet with torchvision's
  ///     names, whose dimensions are told by the shapes.
  ///   - tensors: the weights by name.
  ///   - file: the file they come from, for error messages.
  ///   - labels: the classes; nil for ImageNet's, where there are a thousand.
  /// - Throws: `ParameterError`, or `ConfigurationError` where the weights are no classifier's.
  public static func model(
    efficientNetLite variant: Int?, tensors: [String: Tensor], file: String,
    labels: [String]? = nil
  ) throws -> ImageClassifierModel {
    let classLayer = variant == nil ? "fc.bias" : "_fc.bias"
    guard let rows = tensors[classLayer]?.count else {
      throw ConfigurationError.malformed(
        file: file, reason: "the class layer '\(classLayer)' is missing. Choose another --family.")
    }
    let names =
      labels
      ?? (rows == ImageNetClasses.names.count
        ? ImageNetClasses.names : (0..<rows).map { "class \($0)" })
    if names.count != rows {
      throw ImportError.wrongLabelCount(file: file, expected: rows, found: names.count)
    }
    let configuration: ImageClassifierConfiguration
    if let variant {
      guard let backbone = EfficientNetLiteConfiguration.lite(variant) else {
        preconditionFailure("there is no EfficientNet-Lite\(variant)")
      }
      configuration = ImageClassifierConfiguration(
        backbone: .efficientNetLite(backbone), labels: names,
        preprocessing: .efficientNetLite(side: EfficientNetLiteConfiguration.side(variant)))
    } else {
      guard let backbone = ResNetConfiguration.inferred(from: tensors.mapValues(\.shape)) else {
        throw ConfigurationError.malformed(
          file: file,
          reason: "the weights 'conv1.weight' and 'layer1.0.conv1.weight' of a ResNet are missing. "
            + "Choose another --family.")
      }
      configuration = ImageClassifierConfiguration(
        backbone: .resNet(backbone), labels: names, preprocessing: .torchvisionClassifier)
    }
    try configuration.validate(file: file)
    return try ImageClassifierModel(
      configuration, source: ParameterSource(tensors: tensors, file: file))
  }
}
