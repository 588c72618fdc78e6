import Heads
import Inputs
import Layers
import Models
import Support
import Tensors
import Testing

/// UniT's decoder with queries that have boxes equals its reference on random weights.
struct ReferenceBoxesTests {
  private let golden: Golden
  private let task: TaskSpec

  init() throws {
    golden = try Golden("Detection/reference_boxes.safetensors")
    var task = TaskSpec(
      name: "toys", head: "detection", group: "detection", index: 0, queries: 6, inputs: [.image],
      labels: ["a", "b", "c", "d", "e"])
    task.hasReferenceBoxes = true
    self.task = task
  }

  private func configuration(before: Bool, shared: Bool = true) -> UniTConfiguration {
    var configuration = UniTConfiguration.tiny(tasks: [task], vocabulary: 9, sharesDecoder: shared)
    configuration.text = nil
    configuration.image?.width = 16
    configuration.decoder = DecoderConfiguration(
      width: 16, heads: 4, feedforward: 24, layers: 3, dropout: 0, normalizesBefore: before,
      isShared: shared)
    return configuration
  }

  private func model(before: Bool, shared: Bool = true) throws -> MultitaskModel {
    var weights: [String: Tensor] = [:]
    for name in golden.names(under: "parameters/") {
      let own =
        shared
        ? name
        : name.replacing(
          "transformer.decoder.", with: "transformer.decoders.detection.toys.")
      weights[own] = golden["parameters/" + name]
    }
    return try MultitaskModel(
      configuration(before: before, shared: shared), wordPiece: nil,
      source: ParameterSource(seed: 1, but: weights, from: "golden"))
  }

  private var memory: EncodedSequence {
    EncodedSequence(
      states: golden["memory"], positions: golden["positions"], padding: golden.booleans("valid"))
  }

  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
  func everyLayerEqualsTheReference(before: Bool, shared: Bool) throws {
    let model = try model(before: before, shared: shared)
    let layers = model.network.decode(memory, task: task)
    #expect(layers.count == 3)
    let name = before ? "before" : "after"
    for (index, layer) in layers.enumerated() {
      expectClose(layer.states, golden["\(name)/states.\(index)"], absolute: 1e-5)
      expectClose(try #require(layer.boxes), golden["\(name)/boxes.\(index)"], absolute: 1e-5)
      let outputs = Dictionary(uniqueKeysWithValues: model.heads["toys"]!.outputs(layer))
      expectClose(outputs["pred_logits"]!, golden["\(name)/logits.\(index)"], absolute: 1e-5)
      expectClose(outputs["pred_boxes"]!, golden["\(name)/boxes.\(index)"], absolute: 1e-5)
    }
  }

  @Test func everyPartLearns() throws {
    let model = try model(before: true)
    let objects = [
      ObjectTargets(
        labels: [1, 3],
        boxes: [
          .init(centerX: 0.3, centerY: 0.4, width: 0.2, height: 0.3),
          .init(centerX: 0.7, centerY: 0.6, width: 0.4, height: 0.2),
        ]),
      ObjectTargets(labels: [], boxes: []),
    ]
    let (loss, gradients) = try withGradients {
      try model.heads["toys"]!.loss(
        model.network.decode(memory, task: task), targets: .objects(objects)
      ).total
    }
    #expect(loss.scalar.isFinite)
    for parameter in model.parameters where golden.contains("parameters/" + parameter.name) {
      let gradient = try #require(gradients[parameter], "\(parameter.name)")
      #expect(gradient.elements.contains { $0 != 0 }, "\(parameter.name)")
      #expect(gradient.elements.allSatisfy { $0.isFinite }, "\(parameter.name)")
    }
  }

  @Test func theLossFallsInTheDirectionOfItsGradient() throws {
    let model = try model(before: false)
    let objects = [ObjectTargets](
      repeating: ObjectTargets(
        labels: [2], boxes: [.init(centerX: 0.5, centerY: 0.5, width: 0.3, height: 0.3)]), count: 2)
    func loss() throws -> Tensor {
      try model.heads["toys"]!.loss(
        model.network.decode(memory, task: task), targets: .objects(objects)
      ).total
    }
    let (before, gradients) = try withGradients { try loss() }
    var expected: Float = 0
    let step: Float = 1e-4
    for parameter in model.parameters {
      guard let gradient = gradients[parameter] else { continue }
      expected -= step * (gradient * gradient).sum().scalar
      parameter.value = parameter.value - gradient * step
    }
    let change = try loss().scalar - before.scalar
    #expect(change < 0 && abs(change - expected) < 0.1 * abs(expected), "\(change) \(expected)")
  }

  @Test func aTaskWithoutBoxesKeepsItsParameters() throws {
    var plain = configuration(before: true)
    plain.tasks[0].hasReferenceBoxes = nil
    let model = try MultitaskModel(plain, wordPiece: nil, seed: 1)
    #expect(!model.parameters.contains { $0.name.contains("ref_point_head") })
    #expect(!model.parameters.contains { $0.name.contains("reference_boxes") })
    #expect(
      model.parameters.first { $0.name == "class_embeds.toys.weight" }?.value.shape == [6, 16])
  }
}
