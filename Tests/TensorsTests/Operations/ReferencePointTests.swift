import Support
import Tensors
import Testing

/// The operations on reference points against PyTorch, and their gradients.
@Suite struct ReferencePointTests {
  @Test func theRectifierWithASlope() throws {
    try expectElementwise("prelu", in: "references") { $0[0].parametricReLU(slope: $0[1]) }
    let x = Tensor([-2, -1, -0.5, 0.5, 1, 2])
    checkGradient(of: [x, Tensor([0.25])]) { $0[0].parametricReLU(slope: $0[1]) }
    #expect(x.parametricReLU(slope: Tensor(0.5)).elements == [-1, -0.5, -0.25, 0.5, 1, 2])
  }

  @Test func theInverseOfTheSigmoid() throws {
    try expectElementwise("inverse_sigmoid", in: "references") { $0[0].inverseSigmoid() }
    let x = Tensor.uniform([3, 4], in: 0.2..<0.8, key: RandomKey(seed: 1))
    checkGradient(of: [x]) { $0[0].inverseSigmoid() }
    expectClose(x.inverseSigmoid().sigmoid(), x)
  }

  @Test func theSineEncoding() throws {
    try expectElementwise("sine_encoding.2", in: "references") {
      sineEncoding(of: $0[0], channels: 16)
    }
    try expectElementwise("sine_encoding.4", in: "references") {
      sineEncoding(of: $0[0], channels: 8)
    }
    let x = Tensor.uniform([2, 3, 4], in: 0..<1, key: RandomKey(seed: 2))
    checkGradient(of: [x]) { sineEncoding(of: $0[0], channels: 12) }
    #expect(sineEncoding(of: .zeros([0, 2]), channels: 4).shape == [0, 8])
  }
}
