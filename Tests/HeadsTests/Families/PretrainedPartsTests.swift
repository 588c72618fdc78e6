import Heads
import Inputs
import Layers
import Models
import Support
import Tensors
import Testing

/// Published networks as parts of a UniT.
@Suite struct PretrainedPartsTests {
  private static let tasks = [
    TaskSpec(
      name: "shapes", head: "detection", group: "detection", index: 0, queries: 3,
      inputs: [.image], labels: ["circle"]),
    TaskSpec(
      name: "mood", head: "classification", group: "glue", index: 1, queries: 1, inputs: [.text],
      labels: ["bad", "good"]),
  ]

  @Test(arguments: ["lite", "bottleneck"])
  func anImageNetworkGivesItsFeatures(_ kind: String) throws {
    let golden = try ClassifierGolden(kind)
    let part = try PretrainedParts.imageNetwork(golden.parameters, file: "golden")
    var configuration = UniTConfiguration.tiny(tasks: [Self.tasks[0]], vocabulary: 9)
    configuration.text = nil
    configuration.image?.backbone = golden.backbone
    // `finish` in the model refuses weights that found no place.
    let model = try MultitaskModel(
      configuration, wordPiece: nil, source: ParameterSource(seed: 1, but: part, from: "golden"))
    let pixels = golden["pixels"]
    let images = ImageBatch(pixels: pixels, mask: [Bool](repeating: true, count: pixels.count / 3))
    expectClose(
      model.network.imageFeatures(images).channelsFirst, golden["features"], absolute: 1e-5)
    let fresh = try MultitaskModel(configuration, wordPiece: nil, seed: 1)
    for (a, b) in zip(model.parameters, fresh.parameters) where part[a.name] == nil {
      #expect(a.value.elements == b.value.elements, "\(a.name)")
    }
  }

  @Test func aTextEncoderGivesItsStates() throws {
    let golden = try Golden("Pretrained/bert.safetensors")
    let part = try PretrainedParts.textEncoder(
      golden.tensors(under: "parameters/"), file: "golden")
    var configuration = UniTConfiguration.tiny(tasks: [Self.tasks[1]], vocabulary: 40)
    configuration.image = nil
    configuration.preprocessing = nil
    configuration.text = TextConfiguration(
      vocabulary: 40, width: 32, heads: 4, feedforward: 48, layers: 2, positions: 16, types: 2,
      dropout: 0, lowercases: true, taskEmbeddings: 0)
    let model = try MultitaskModel(
      configuration, wordPiece: nil, source: ParameterSource(seed: 1, but: part, from: "golden"))
    let mask = golden.booleans("mask")
    let states = model.network.encodeTexts(
      TokenBatch(
        ids: golden.integers("ids"), typeIds: golden.integers("types"), mask: mask, batch: 3,
        length: 9), task: Self.tasks[1]
    ).states
    let valid = Tensor(mask.map { $0 ? 1 : 0 }, shape: [3, 9, 1])
    // The epsilon of the reference's normalisations is 1e-7, UniT's is BERT's 1e-12.
    expectClose(states * valid, golden["last_hidden_state"] * valid, absolute: 1e-4)
  }

  @Test func aPartOfAnotherModelIsRefused() throws {
    let part = try PretrainedParts.imageNetwork(
      ClassifierGolden("lite").parameters, file: "lite.pth")
    let error = #expect(throws: ParameterError.self) {
      try MultitaskModel(
        .tiny(tasks: [Self.tasks[0]], vocabulary: 9), wordPiece: nil,
        source: ParameterSource(seed: 1, but: part, from: "lite.pth"))
    }
    #expect(error?.description.contains("lite.pth: the model has no place for") == true)
  }
}
