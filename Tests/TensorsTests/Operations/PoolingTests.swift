import Support
import Tensors
import Testing

@Suite struct PoolingTests {
  @Test func `pooling equals PyTorch`() throws {
    try expectGolden("maxPool/stem") {
      $0[0].channelsInnermost.maxPool2d(kernel: 3, stride: 2, padding: 1).channelsFirst
    }
    try expectGolden("maxPool/even") {
      $0[0].channelsInnermost.maxPool2d(kernel: 2, stride: 2).channelsFirst
    }
    try expectGolden("averagePool/even") {
      $0[0].channelsInnermost.averagePool2d(kernel: 2, stride: 2).channelsFirst
    }
    try expectGolden("averagePool/padding") {
      $0[0].channelsInnermost.averagePool2d(kernel: 3, stride: 2, padding: 1).channelsFirst
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
        $0[0].channelsInnermost.interpolated(height: shape[2], width: shape[3], mode: mode)
          .channelsFirst
      }
    }
  }

  @Test func `pooling nothing, a NaN, a tie`() {
    #expect(Tensor.zeros([0, 4, 4, 3]).maxPool2d(kernel: 2, stride: 2).shape == [0, 2, 2, 3])
    forEveryKernelLevel { _ in
      let x = Tensor([1, .nan, 2, 3], shape: [1, 2, 2, 1])
      #expect(x.maxPool2d(kernel: 2, stride: 2).scalar.isNaN)
      let tie = Parameter("tie", .ones([1, 2, 2, 1]))
      let (_, gradients) = withGradients { tie.tensor.maxPool2d(kernel: 2, stride: 2).sum() }
      #expect(gradients[tie]?.elements == [1, 0, 0, 0])
    }
  }

  @Test func `bits do not depend on the number of threads`() {
    let x = normal([2, 80, 90, 37])
    expectSameBits { x.maxPool2d(kernel: 3, stride: 2, padding: 1) }
    expectSameBits { x.interpolated(height: 57, width: 111, mode: .bilinear(alignCorners: false)) }
  }
}
