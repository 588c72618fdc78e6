import Support
import Tensors
import Testing

@Suite struct ProductTests {
  @Test(arguments: [
    ("plain", false, false), ("first", true, false), ("second", false, true), ("both", true, true),
    ("rows", false, false), ("left", false, false), ("outer", false, false),
    ("outerBoth", true, true),
  ])
  func `matmul equals PyTorch`(name: String, first: Bool, second: Bool) throws {
    try expectGolden("matmul/\(name)") {
      matmul($0[0], $0[1], transposingFirst: first, transposingSecond: second)
    }
  }

  @Test func `linear equals PyTorch`() throws {
    try expectGolden("linear/bias") { linear($0[0], weight: $0[1], bias: $0[2]) }
    try expectGolden("linear/plain") { linear($0[0], weight: $0[1]) }
  }

  @Test func `products of nothing`() {
    #expect(matmul(.zeros([0, 3]), .zeros([3, 2])).shape == [0, 2])
    #expect(matmul(.zeros([2, 0]), .zeros([0, 2])).elements == [0, 0, 0, 0])
    #expect(matmul(.zeros([0, 4, 3]), .zeros([0, 3, 2])).shape == [0, 4, 2])
    #expect(
      linear(.zeros([0, 3]), weight: .zeros([2, 3]), bias: .zeros([2])).shape == [0, 2])
    #expect(
      linear(.zeros([2, 0]), weight: .zeros([2, 0]), bias: Tensor([1, 2])).elements
        == [1, 2, 1, 2])
  }

  @Test func `gradients of an empty batch are zeros`() {
    let weight = Parameter("weight", .ones([2, 3]))
    let bias = Parameter("bias", .ones([2]))
    let (_, gradients) = withGradients {
      let y = linear(.zeros([0, 3]), weight: weight.tensor, bias: bias.tensor)
      return matmul(y.reshaped([1, 0]), .zeros([0, 1])).reshaped([])
    }
    #expect(gradients[weight]?.elements == [0, 0, 0, 0, 0, 0])
    #expect(gradients[bias]?.elements == [0, 0])
  }

  @Test func `bits do not depend on the number of threads`() {
    let (a, b) = (normal([700, 300], 1), normal([300, 600], 2))
    expectSameBits { matmul(a, b) }
    expectSameBits { matmul(a, b.transposed([1, 0]), transposingSecond: true) }
    let (c, d) = (normal([40, 70, 64], 3), normal([40, 64, 50], 4))
    expectSameBits { matmul(c, d) }
    let weight = normal([500, 300], 5)
    expectSameBits { linear(a, weight: weight, bias: normal([500], 6)) }
    expectSameBits { linear(normal([10, 300], 1), weight: normal([4000, 300], 5)) }
  }

  @Test(arguments: [(8, 5, 3), (37, 70, 50), (100, 16, 130), (33, 64, 64)])
  func `packed or not, a linear layer and its gradients are the same`(
    rows: Int, outputs: Int, inputs: Int
  ) {
    let values = [normal([rows, inputs], 1), normal([outputs, inputs], 2), normal([outputs], 3)]
    let weight = normal([rows, outputs], 4)
    let parameters = values.enumerated().map { Parameter("\($0)", $1) }
    func gradients(_ layer: (Tensor, Tensor, Tensor) -> Tensor) -> [Tensor] {
      let (_, gradients) = withGradients {
        let tensors = parameters.map(\.tensor)
        return (layer(tensors[0], tensors[1], tensors[2]) * weight).sum()
      }
      return parameters.map { gradients[$0]! }
    }
    forEveryKernelLevel { level in
      let packed = gradients { linear($0, weight: $1, bias: $2) }
      let plain = gradients { matmul($0, $1, transposingSecond: true) + $2 }
      for (found, expected) in zip(packed, plain) {
        expectClose(found, expected, absolute: 1e-4, level)
      }
    }
  }

  @Test func `large products equal a sum of small ones`() {
    let (a, b) = (normal([257, 130], 1), normal([130, 513], 2))
    let parts = (0..<257).map { matmul(a.sliced(axis: 0, range: $0..<$0 + 1), b) }
    expectClose(matmul(a, b), concatenated(parts, axis: 0), absolute: 1e-4)
  }

  @Test func `wrong shapes stop the program`() async {
    await #expect(processExitsWith: .failure) { _ = matmul(.zeros([2, 3]), .zeros([2, 3])) }
    await #expect(processExitsWith: .failure) {
      _ = linear(.zeros([2, 3]), weight: .zeros([3, 2]))
    }
  }
}
