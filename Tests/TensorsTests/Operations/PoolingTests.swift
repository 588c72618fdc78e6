import Support
import Tensors
import Testing

@Suite struct PoolingTests {
  @Test func `pooling equals PyTorch`() throws {
    try expectGolden("maxPool/stem") { $0[0].maxPool2d(kernel: 3, stride: 2, padding: 1) }
    try expectGolden("maxPool/even") { $0[0].maxPool2d(kernel: 2, stride: 2) }
    try expectGolden("averagePool/even") { $0[0].averagePool2d(kernel: 2, stride: 2) }
    try expectGolden("averagePool/padding") {
      $0[0].averagePool2d(kernel: 3, stride: 2, padding: 1)
    }
  }

  @Test(arguments: ["up", "down", "one"])
  func `interpolation equals PyTorch`(size: String) throws {
    let golden = try linearGolden.get()
    let shape = golden["interpolated/nearest/\(size)/output"].shape
    let modes: [(String, Interpolation)] = [
      ("nearest", .nearest), ("centres", .bilinear(alignCorners: false)),
      ("corners", .bilinear(alignCorners: true)),
    ]
    for (name, mode) in modes {
      try expectGolden("interpolated/\(name)/\(size)") {
        $0[0].interpolated(height: shape[2], width: shape[3], mode: mode)
      }
    }
  }

  @Test func `pooling nothing, a NaN, a tie`() {
    #expect(Tensor.zeros([0, 3, 4, 4]).maxPool2d(kernel: 2, stride: 2).shape == [0, 3, 2, 2])
    forEveryKernelLevel { _ in
      let x = Tensor([1, .nan, 2, 3], shape: [1, 1, 2, 2])
      #expect(x.maxPool2d(kernel: 2, stride: 2).scalar.isNaN)
      let tie = Parameter("tie", .ones([1, 1, 2, 2]))
      let (_, gradients) = withGradients { tie.tensor.maxPool2d(kernel: 2, stride: 2).sum() }
      #expect(gradients[tie]?.elements == [1, 0, 0, 0])
    }
  }

  @Test func `bits do not depend on the number of threads`() {
    let x = normal([2, 16, 80, 90])
    expectSameBits { x.maxPool2d(kernel: 3, stride: 2, padding: 1) }
    expectSameBits { x.interpolated(height: 57, width: 111, mode: .bilinear(alignCorners: false)) }
  }
}
