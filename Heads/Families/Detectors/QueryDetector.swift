import Foundation
import Inputs
import Layers
import Models
import Tensors

/// A detector whose queries each answer with a box and independent probabilities of the classes.
struct QueryDetector<Network: PublishedDetector>: AnsweringModel {
  private let network: Network
  let parameters: [Parameter]

  var family: String { Network.Variant.family }
  var tasks: [TaskSpec] { network.configuration.tasks }
  var preprocessing: Preprocessing? { network.configuration.preprocessing }

  /// A detector with the weights of a source, all of which it must use.
  ///
  /// - Throws: `ParameterError` when the weights do not fit.
  init(_ configuration: DetectorConfiguration<Network.Variant>, source: ParameterSource) throws {
    network = try Network(configuration, in: source.root)
    // Batch normalisations count their training steps, which no forward pass needs.
    try source.finish { $0.hasSuffix(".num_batches_tracked") }
    parameters = source.parameters
  }

  /// The family's line in the registry.
  static var family: ModelFamily {
    ModelFamily(
      name: Network.Variant.family, huggingFaceTypes: Network.huggingFaceTypes, open: open,
      openHuggingFace: openHuggingFace)
  }

  private static func open(_ folder: ModelFolder) throws -> any AnsweringModel {
    let configuration = try folder.strictConfiguration(
      DetectorConfiguration<Network.Variant>.self)
    try configuration.validate(file: folder.configuration.file)
    return try Self(configuration, source: folder.parameterSource())
  }

  private static func openHuggingFace(_ folder: ModelFolder) throws -> any AnsweringModel {
    let configuration = try Network.configuration(folder)
    try checkingEntries(widthKey: Network.widthKey) {
      try configuration.validate(file: folder.configuration.file)
    }
    let (tensors, file) = try folder.weights()
    let names = Network.names + HuggingFaceNames.backbones(canonical: backbone)
    let owned = Network.withoutAliases(tensors)
    return try Self(
      configuration,
      source: folder.parameterSource(
        names.canonical(owned, file: file), file: file,
        spelling: names.spelling(in: owned.keys)))
  }

  private static var backbone: String { "backbone.0.body" }

  func detect(_ image: Image, task: TaskSpec, attributes: Bool) throws -> [Detection] {
    let configuration = network.configuration
    let outputs = network(try batch([image]))
    return focalDetections(
      outputs, task: configuration.task, size: (image.originalSize.width, image.originalSize.height)
    )
  }

  func forward(images: ImageBatch?, texts: TokenBatch?, task: TaskSpec) throws
    -> [(name: String, tensor: Tensor)]
  {
    guard let images else { throw AnsweringError.noTask(use: .text) }
    let outputs = network(images)
    let states = outputs.states.enumerated().map { ("decoder_hidden_states.\($0)", $1) }
    return [("encoder_last_hidden_state", outputs.memory.states)] + states + [
      ("last_hidden_state", outputs.states[outputs.states.count - 1]),
      ("logits", outputs.logits), ("pred_boxes", outputs.boxes),
    ]
  }

  func files(_ layout: ModelLayout) throws -> ModelFiles {
    let configuration = network.configuration
    let tensors = parameters.map { (name: $0.name, tensor: $0.value) }
    let file = ModelDirectory.FileName.configuration
    switch layout {
    case .unit:
      return ModelFiles(texts: [(file, try configurationText(configuration))], tensors: tensors)
    case .huggingFace:
      guard let network = configuration.backbone.resNet, network.norm == .frozen else {
        throw AnsweringError.noLayout(layout: .huggingFace, family: family)
      }
      let names =
        Network.names
        + (network.timmName != nil
          ? HuggingFaceNames.timmBackbone(canonical: Self.backbone)
          : HuggingFaceNames.resNetBackbone(canonical: Self.backbone))
      let entries = HuggingFaceEntries(Network.entries(configuration, backbone: network))
      let pictures = try configuration.preprocessing.huggingFaceJSON(for: .conditionalDetr)
      return ModelFiles(
        texts: [
          (file, try configurationText(entries)),
          (ModelDirectory.FileName.preprocessing, [UInt8](pictures)),
        ],
        tensors: names.original(tensors), metadata: ["format": "pt"])
    }
  }
}
