import Inputs
import Layers
import Models
import Tensors

/// An image classifier: a ResNet or an EfficientNet-Lite with its class layer.
public struct ImageClassifierModel: AnsweringModel {
  /// The network with its configuration.
  public let network: ImageClassifier
  /// Every parameter, in the order of a checkpoint.
  public let parameters: [Parameter]

  /// Builds a classifier whose parameters, with torchvision's names or those of the PyTorch port of
  /// EfficientNet-Lite, come from a source.
  ///
  /// - Throws: `ParameterError` when the weights do not fit.
  public init(_ configuration: ImageClassifierConfiguration, source: ParameterSource) throws {
    network = try ImageClassifier(configuration, in: source.root)
    try source.finish(ignoring: ImageClassifier.isUnused)
    parameters = source.parameters
  }

  /// Dimensions, classes and preprocessing.
  public var configuration: ImageClassifierConfiguration { network.configuration }
  /// `resnet` or `efficientnet`.
  public var family: String { configuration.family }
  /// The one task, `classes`.
  public var tasks: [TaskSpec] { configuration.tasks }
  /// The configuration's preprocessing.
  public var preprocessing: Preprocessing? { configuration.preprocessing }

  /// The classes of a picture with probabilities that add up to 1.
  public func classify(_ image: Image, task: TaskSpec) throws -> [RankedAnswer] {
    ranked(network(try batch([image]).pixels).logits.softmax(), labels: task.labels)[0]
  }

  /// `last_hidden_state`, the feature map as PyTorch has it, `[batch, channels, height, width]`; `pooler_output`, what the class layer sees; `logits`.
  public func forward(
    images: ImageBatch?, texts: TokenBatch?, task: TaskSpec
  ) throws -> [(name: String, tensor: Tensor)] {
    guard let images else { throw AnsweringError.noTask(use: .picture) }
    let output = network(images.pixels)
    return [
      ("last_hidden_state", output.features.channelsFirst), ("pooler_output", output.pooled),
      ("logits", output.logits),
    ]
  }

  /// This program's layout; for a ResNet transformers' too.
  public func files(_ layout: ModelLayout) throws -> ModelFiles {
    try ImageClassifierFamily.files(of: self, layout)
  }
}
