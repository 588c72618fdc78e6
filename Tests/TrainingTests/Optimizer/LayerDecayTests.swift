import Tensors
import Testing
import Training

struct LayerDecayTests {
  func rates(_ names: [String], decay: Double = 0.5, groups: [ParameterGroups.Group] = []) throws
    -> [Double]
  {
    try ParameterGroups(learningRate: 8, weightDecay: 0, groups: groups, layerDecay: decay)
      .rates(of: names.map { Parameter($0, Tensor(0)) }).map(\.learningRate)
  }

  @Test func earlyLayersLearnMoreSlowly() throws {
    let names = [
      "embeddings.weight", "encoder.layers.0.linear1.weight", "encoder.layers.1.norm.bias",
      "encoder.layers.2.linear1.weight", "bert.encoder.layer.0.attention.weight",
      "bert.encoder.layer.1.attention.weight", "boxes.layers.0.weight", "layers.weight",
    ]
    #expect(try rates(names) == [8, 1, 2, 4, 2, 4, 8, 8])
    #expect(try rates(names, decay: 1) == [Double](repeating: 8, count: 8))
  }

  @Test func aGroupsRateDecaysAsWell() throws {
    let names = ["a.layers.0.x.weight", "a.layers.1.x.weight"]
    #expect(try rates(names, groups: [.init(match: "a.*", learningRate: 4)]) == [1, 2])
  }

  @Test func aModelWithoutLayersIsRefused() {
    let error = #expect(throws: TrainingError.self) { try rates(["head.weight"]) }
    #expect(error == .noLayers(example: "head.weight"))
    #expect("\(error!)".contains("'optimizer.layer_decay' needs"))
  }
}
