import Layers
import Support
import Tensors
import Testing

/// The feed-forward network with each of its activations.
@Suite struct FeedForwardTests {
  private static let parameters: [String: Tensor] = [
    "linear1.weight": .normal([6, 4], key: RandomKey(seed: 1)),
    "linear1.bias": .normal([6], key: RandomKey(seed: 2)),
    "linear2.weight": .normal([4, 6], key: RandomKey(seed: 3)),
    "linear2.bias": .normal([4], key: RandomKey(seed: 4)),
  ]
  private static let x = Tensor.normal([2, 3, 4], key: RandomKey(seed: 5))

  private static func shape(_ activation: FeedForwardActivation) -> TransformerShape {
    TransformerShape(width: 4, heads: 2, feedforward: 6, dropout: 0.5, activation: activation)
  }

  private func expect(
    _ activation: FeedForwardActivation, _ slope: Tensor? = nil, _ function: (Tensor) -> Tensor
  ) throws {
    var tensors = Self.parameters
    tensors["activation.weight"] = slope
    let source = ParameterSource(tensors: tensors, file: "weights")
    let network = try FeedForward(Self.shape(activation), in: source.root)
    try source.finish()
    func value(_ name: String) throws -> Tensor { try #require(tensors[name]) }
    let hidden = function(
      linear(Self.x, weight: try value("linear1.weight"), bias: try value("linear1.bias")))
    let expected = linear(
      hidden, weight: try value("linear2.weight"), bias: try value("linear2.bias"))
    // Dropout is off outside of training.
    expectClose(network(Self.x), expected, "\(activation)")
  }

  @Test func everyActivationIsTheOneItIsCalled() throws {
    try expect(.relu) { $0.relu() }
    try expect(.gelu) { $0.gelu() }
    try expect(.tanhGELU) { $0.gelu(.tanh) }
    try expect(.silu) { $0 / (1 + (-$0).exponential()) }
    try expect(.prelu, Tensor([0.4])) { x in
      x.mapping { $0 < 0 ? 0.4 * $0 : $0 }
    }
  }

  @Test func onlyTheLearnedSlopeIsAParameter() throws {
    for activation in FeedForwardActivation.allCases {
      let source = ParameterSource(seed: 1)
      _ = try FeedForward(Self.shape(activation), in: source.root["layer"])
      let slope = source.parameters.filter { $0.name == "layer.activation.weight" }
      #expect(slope.map(\.value.elements) == (activation == .prelu ? [[0.25]] : []))
    }
  }
}

extension Tensor {
  fileprivate func mapping(_ function: (Float) -> Float) -> Tensor {
    Tensor(elements.map(function), shape: shape)
  }
}
