import Foundation
import Layers
import Models
import Support
import Tensors
import Testing

@testable import Heads

/// The names of Conditional DETR and DAB-DETR in every spelling;
/// `Goldens/ConditionalDETR/names.py` made the lists.
@Suite struct DetectorNamesTests {
  private static func pairs(_ list: String) throws -> [(first: String, second: String)] {
    try String(contentsOfFile: DetectorFolder.path("names/\(list).txt"), encoding: .utf8)
      .split(separator: "\n").map { line in
        let parts = line.split(separator: "\t")
        return (String(parts[0]), String(parts[1]))
      }
  }

  private static func published(_ list: String) throws -> [String: Tensor] {
    Dictionary(
      uniqueKeysWithValues: try pairs(list).map { name, shape in
        (name, Tensor.zeros(shape.split { !$0.isNumber }.compactMap { Int($0) }))
      })
  }

  /// A folder of the published size, of which only the configuration is there.
  private static func configuration<Network: PublishedDetector>(
    _ network: Network.Type
  ) throws -> DetectorConfiguration<Network.Variant> {
    let folder = try DetectorFolder(
      "conditional",
      configuration: {
        $0 = [
          "model_type": Network.huggingFaceTypes[0], "backbone_config": ["model_type": "resnet"],
          "use_timm_backbone": false, "num_labels": 91,
        ]
      })
    return try withExtendedLifetime(folder) {
      try Network.configuration(ModelFolder(folder.path))
    }
  }

  private func check<Network: PublishedDetector>(
    _ network: Network.Type, _ list: String, parameters: Int
  ) throws {
    let published = try Self.published(list)
    let names = Network.names + HuggingFaceNames.resNetBackbone(canonical: "backbone.0.body")
    let canonical = try names.canonical(published, file: list)
    let model = try QueryDetector<Network>(
      try Self.configuration(network), source: ParameterSource(tensors: canonical, file: list))
    let counted = model.parameters.filter {
      !$0.name.hasSuffix("running_mean") && !$0.name.hasSuffix("running_var")
    }
    // transformers' frozen normalisations are buffers, of which no weight is counted.
    let frozen = counted.filter { $0.name.contains("backbone") && $0.value.rank == 1 }
    #expect(
      counted.reduce(0) { $0 + $1.value.count } - frozen.reduce(0) { $0 + $1.value.count }
        == parameters)
    let back = names.original(model.parameters.map { ($0.name, $0.value) })
    #expect(Set(back.map(\.name)) == Set(published.keys))
    for (name, tensor) in back { #expect(published[name]?.shape == tensor.shape, "\(name)") }
  }

  @Test func everyPublishedNameOfConditionalDETRIsConsumed() throws {
    try check(ConditionalDETR.self, "conditional", parameters: 43_418_401)
  }

  @Test func everyPublishedNameOfDABDETRIsConsumed() throws {
    try check(DABDETR.self, "dab", parameters: 43_671_517)
  }

  /// Opens the model under other names and expects the same bits in every parameter.
  private func expectSameModel(_ name: String, _ rename: (inout [String: Tensor]) throws -> Void)
    throws
  {
    let expected = try ModelDirectory.open(DetectorFolder.path(name))
    let model = try DetectorFolder(name, tensors: { try? rename(&$0) }).open()
    #expect(model.parameters.map(\.name) == expected.parameters.map(\.name))
    for (found, wanted) in zip(model.parameters, expected.parameters) {
      #expect(found.value.elements == wanted.value.elements, "\(found.name)")
    }
  }

  @Test func namesInTheMemoryOfTransformersFiveAreKnown() throws {
    let pairs = try Self.pairs("conditional.memory")
    #expect(pairs.count { $0.first != $0.second } == 170)
    try expectSameModel("conditional") { tensors in
      let stored = tensors
      tensors = [:]
      for (memory, file) in pairs { tensors[memory] = stored[file] }
    }
  }

  @Test(arguments: ["conditional", "dab"])
  func namesOfTimmAreKnown(_ name: String) throws {
    for root in [
      "model.backbone.conv_encoder.model", "model.backbone.conv_encoder.model._backbone",
    ] {
      try expectSameModel(name) { tensors in
        let torchvision = HuggingFaceNames.resNetBackbone(canonical: root)
        tensors = try torchvision.canonical(tensors, file: name)
        tensors["\(root).bn1.num_batches_tracked"] = Tensor([7], shape: [1])
      }
    }
  }

  @Test func boxLayersOfDABDETRMayHaveEitherNameOrBoth() throws {
    func doubled(_ tensors: inout [String: Tensor], keeping: Bool) {
      for (name, tensor) in tensors where name.hasPrefix("model.decoder.bbox_embed.") {
        tensors["bbox_predictor." + name.dropFirst(25)] = tensor
        if !keeping { tensors[name] = nil }
      }
    }
    try expectSameModel("dab") { doubled(&$0, keeping: false) }
    try expectSameModel("dab") { doubled(&$0, keeping: true) }
    let message = try DetectorFolder(
      "dab",
      tensors: {
        doubled(&$0, keeping: true)
        $0["bbox_predictor.layers.2.bias"] = Tensor([1, 2, 3, 4])
      }
    ).message()
    #expect(
      message.contains(
        "'bbox_predictor.layers.2.bias' and 'model.decoder.bbox_embed.layers.2.bias' are two "
          + "spellings of one parameter"), "\(message)")
  }
}
