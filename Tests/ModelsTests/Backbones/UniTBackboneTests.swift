import Foundation
import Inputs
import Layers
import Models
import Tensors
import Testing

/// UniT on an EfficientNet-Lite.
@Suite struct UniTBackboneTests {
  private let task = TaskSpec(
    name: "shapes", head: "detection", group: "detection", index: 0, queries: 3,
    inputs: [.image], labels: ["circle"])

  private var small: UniTConfiguration {
    var configuration = UniTConfiguration.tiny(tasks: [task], vocabulary: 9)
    configuration.image?.backbone = .efficientNetLite(
      EfficientNetLiteConfiguration(
        stem: 4,
        stages: [
          .init(blocks: 1, kernel: 3, stride: 2, expansion: 1, width: 4),
          .init(blocks: 2, kernel: 5, stride: 2, expansion: 2, width: 6),
        ], head: 8))
    return configuration
  }

  @Test func aConfigurationNamesIt() throws {
    var configuration = UniTConfiguration.tiny(tasks: [task], vocabulary: 9)
    configuration.image?.backbone = .efficientNetLite(.lite(0)!)
    let text = try JSONEncoder().encode(configuration)
    let json = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
    let image = try #require(json["image"] as? [String: Any])
    #expect(
      image["backbone"] as? [String: String] == ["kind": "efficientnet_lite0", "norm": "frozen"])
    let again = try decodeStrictly(UniTConfiguration.self, from: text, file: "config.json")
    #expect(again == configuration)
    try again.validate(file: "config.json", heads: ["detection"])
    let source = ParameterSource(seed: 1)
    _ = try UniT(again, in: source.root)
    let body = "unit_base_model.backbone.0.body."
    #expect(source.parameters.contains { $0.name == body + "_blocks.15._project_conv.weight" })
    let projection = try #require(
      source.parameters.first { $0.name == "unit_base_model.input_proj.weight" })
    #expect(projection.value.shape == [32, 320, 1, 1])
  }

  @Test func gradientsPassThroughFrozenStatistics() throws {
    let source = ParameterSource(seed: 1)
    let network = try UniT(small, in: source.root)
    let sizes = [(33, 41), (40, 29)]
    let images = ImageBatch(
      sizes.enumerated().map { index, size in
        .normal([3, size.0, size.1], key: RandomKey(seed: UInt64(index)))
      })
    #expect(network.imageFeatures(images).shape == [2, 5, 6, 6])
    let (_, gradients) = withGradients { () -> Tensor in
      let layers = network(images: images, texts: nil, task: task)
      let states = layers[layers.count - 1].states
      return (states * states).sum()
    }
    for parameter in source.parameters where parameter.name.contains("backbone") {
      let isConvolution = parameter.name.contains("_conv")
      #expect(parameter.isTrainable == isConvolution)
      #expect(
        gradients[parameter]?.elements.contains { $0 != 0 } ?? false == isConvolution,
        "\(parameter.name)")
    }
  }
  /// A training that begins with the weights of another model sets them in a network that exists.
  @Test func statisticsMayBeSetLater() throws {
    let pixels = ImageBatch([.normal([3, 40, 33], key: RandomKey(seed: 5))])
    let (source, other) = (ParameterSource(seed: 1), ParameterSource(seed: 2))
    let network = try UniT(small, in: source.root)
    let before = network.imageFeatures(pixels)
    _ = try UniT(small, in: other.root)
    var values: [String: Tensor] = [:]
    for parameter in other.parameters {
      let isStatistic = parameter.name.contains("running_")
      let noise = Tensor.normal(
        parameter.value.shape, key: RandomKey(seed: 3).folding(parameter.name))
      values[parameter.name] = isStatistic ? noise * noise + 0.5 : parameter.value
    }
    for parameter in source.parameters {
      parameter.value = try #require(values[parameter.name])
    }
    let made = try UniT(small, in: ParameterSource(tensors: values, file: "other").root)
    let wanted = made.imageFeatures(pixels)
    #expect(wanted.elements != before.elements)
    #expect(network.imageFeatures(pixels).elements == wanted.elements)
    let (recorded, _) = withGradients { network.imageFeatures(pixels).sum() }
    let (recordedAnew, _) = withGradients { made.imageFeatures(pixels).sum() }
    #expect(recorded.elements == recordedAnew.elements)
  }
}
