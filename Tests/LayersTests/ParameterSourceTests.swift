import Layers
import Support
import Tensors
import Testing

@Suite struct ParameterSourceTests {
  private func source(_ tensors: [String: Tensor]) -> ParameterSource {
    ParameterSource(tensors: tensors, file: "weights.safetensors")
  }

  private let fitting = ["part.weight": Tensor.ones([2, 3]), "part.bias": Tensor.zeros([2])]

  @Test func aLayerTakesItsWeightsByName() throws {
    let source = source(fitting)
    let layer = try Linear(3, 2, in: source.root["part"])
    try source.finish()
    #expect(source.parameters.map(\.name) == ["part.weight", "part.bias"])
    expectClose(layer(Tensor([1, 2, 3], shape: [1, 3])), Tensor([6, 6], shape: [1, 2]))
  }

  @Test func freshWeightsDependOnSeedAndNameAlone() throws {
    func weights(_ seed: UInt64, _ name: String, after other: Bool = false) throws -> [Float] {
      let source = ParameterSource(seed: seed)
      if other { _ = try Linear(5, 5, in: source.root["other"]) }
      return try Linear(3, 2, in: source.root[name]).weight.value.elements
    }
    let first = try weights(1, "a")
    #expect(try weights(1, "a", after: true) == first)
    #expect(try weights(2, "a") != first)
    #expect(try weights(1, "b") != first)
  }

  @Test func aMissingWeightIsNamedWithTheNearestOne() throws {
    let source = source(["part.weigth": .ones([2, 3])])
    let error = #expect(throws: ParameterError.self) {
      _ = try Linear(3, 2, in: source.root["part"])
    }
    #expect(
      error?.description
        == "weights.safetensors: the weight 'part.weight' of shape [2, 3] is missing; the file has "
        + "'part.weigth'. Check that config.json belongs to these weights.")
  }

  @Test func aWrongShapeNamesBothShapes() throws {
    let source = source(fitting)
    #expect(
      throws: ParameterError.wrongShape(
        name: "part.weight", expected: [2, 4], found: [2, 3], file: "weights.safetensors")
    ) { _ = try Linear(4, 2, in: source.root["part"]) }
  }

  @Test func unusedWeightsAreRefusedUnlessIgnored() throws {
    var tensors = fitting
    tensors["extra"] = .ones([1])
    let source = source(tensors)
    _ = try Linear(3, 2, in: source.root["part"])
    #expect(throws: ParameterError.unused(names: ["extra"], file: "weights.safetensors")) {
      try source.finish()
    }
    try source.finish { $0 == "extra" }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func weightsThatAreNotNumbersAreRefused(_ value: Float) throws {
    var tensors = fitting
    tensors["part.weight"] = Tensor([0, 0, 0, 0, value, 0], shape: [2, 3])
    let source = source(tensors)
    #expect(
      throws: ParameterError.notFinite(
        name: "part.weight", position: 4, file: "weights.safetensors")
    ) { _ = try Linear(3, 2, in: source.root["part"]) }
  }

  @Test func largeFiniteWeightsAreAccepted() throws {
    var tensors = fitting
    tensors["part.weight"] = Tensor(repeating: 3e38, shape: [2, 3])
    let source = source(tensors)
    _ = try Linear(3, 2, in: source.root["part"])
  }

  @Test func initializersHaveTheirSpread() throws {
    let source = ParameterSource(seed: 3)
    let shape = [64, 32, 3, 3]
    func values(_ name: String, _ initializer: Initializer) throws -> [Float] {
      try source.root.parameter(name, shape, initializer).value.elements
    }
    let he = try values("he", .heNormal)
    let variance = he.map { $0 * $0 }.reduce(0, +) / Float(he.count)
    #expect(abs(variance / (2 / Float(64 * 9)) - 1) < 0.05)
    let xavier = try values("xavier", .xavierUniform)
    let bound = (6 / Float((64 + 32) * 9)).squareRoot()
    #expect(xavier.allSatisfy { abs($0) <= bound } && xavier.contains { $0 > 0.99 * bound })
  }
}
