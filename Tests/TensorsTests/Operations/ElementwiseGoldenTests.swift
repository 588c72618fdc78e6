import Support
import Tensors
import Testing

/// Every operation and its gradients against PyTorch, for every instruction set.
@Suite struct ElementwiseGoldenTests {
  private static let suffixes = ["same", "bias", "left", "outer", "channel", "scalar", "both"]

  private func check(
    _ name: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ operation: ([Tensor]) -> Tensor
  ) throws {
    try expectElementwise(
      name, in: "elementwise", sourceLocation: sourceLocation, operation)
  }

  @Test(arguments: suffixes) func arithmetic(_ suffix: String) throws {
    try check("add.\(suffix)") { $0[0] + $0[1] }
    try check("subtract.\(suffix)") { $0[0] - $0[1] }
    try check("multiply.\(suffix)") { $0[0] * $0[1] }
    try check("divide.\(suffix)") { $0[0] / $0[1] }
    try check("maximum.\(suffix)") { maximum($0[0], $0[1]) }
    try check("minimum.\(suffix)") { minimum($0[0], $0[1]) }
  }

  @Test func ties() throws {
    try check("maximum.ties") { maximum($0[0], $0[1]) }
    try check("minimum.ties") { minimum($0[0], $0[1]) }
    try check("greatest.ties") { $0[0].maximum(axes: [1]) }
  }

  @Test func functions() throws {
    try check("relu") { $0[0].relu() }
    try check("relu6") { $0[0].relu6() }
    try check("gelu") { $0[0].gelu() }
    try check("gelu_tanh") { $0[0].gelu(.tanh) }
    try check("sigmoid") { $0[0].sigmoid() }
    try check("tanh") { $0[0].tanh() }
    try check("exponential") { $0[0].exponential() }
    try check("logarithm") { $0[0].logarithm() }
    try check("square_root") { $0[0].squareRoot() }
    try check("magnitude") { $0[0].magnitude() }
    try check("clamped") { $0[0].clamped(to: -1...3) }
  }

  @Test(
    arguments: [
      ("all", nil), ("first", [0]), ("middle", [1]), ("last", [-1]), ("ends", [0, 2]),
    ] as [(String, [Int]?)])
  func reductions(_ suffix: String, _ axes: [Int]?) throws {
    try check("sum.\(suffix)") { $0[0].sum(axes: axes) }
    try check("mean.\(suffix)") { $0[0].mean(axes: axes) }
    try check("greatest.\(suffix)") { $0[0].maximum(axes: axes) }
  }

  @Test(arguments: ["wide", "narrow", "one", "vector"]) func softmax(_ suffix: String) throws {
    try check("softmax.\(suffix)") { $0[0].softmax() }
    try check("log_softmax.\(suffix)") { $0[0].logSoftmax() }
  }

  @Test func softmaxOfExtremes() throws {
    try check("softmax.masked") { $0[0].softmax() }
    try check("softmax.large") { $0[0].softmax() }
  }

  @Test(arguments: [("wide", 1e-5), ("narrow", 1e-12), ("offset", 1e-5)] as [(String, Float)])
  func layerNorms(_ suffix: String, _ epsilon: Float) throws {
    try check("layer_norm.\(suffix)") {
      layerNorm($0[0], weight: $0[1], bias: $0[2], epsilon: epsilon)
    }
  }

  @Test func crossEntropies() throws {
    let golden = try Golden("Operations/elementwise.safetensors")
    let targets = golden.integers("cross_entropy/targets")
    let weights = golden["cross_entropy/weights"]
    try check("cross_entropy.plain") { crossEntropy($0[0], targets: targets) }
    try check("cross_entropy.weighted") {
      crossEntropy($0[0], targets: targets, classWeights: weights)
    }
    try check("cross_entropy.ignoring") {
      crossEntropy($0[0], targets: targets, classWeights: weights, ignoring: 5)
    }
  }

  @Test func otherLosses() throws {
    try check("binary") { binaryCrossEntropy(logits: $0[0], targets: $0[1].detached) }
    try check("absolute_difference") { absoluteDifference($0[0], $0[1]) }
  }

  @Test func boxes() throws {
    try check("corners") { cornersFromCenters($0[0]) }
    try check("generalized_iou") { generalizedIoU($0[0], $0[1]) }
  }
}
