import Support
import Tensors
import Testing

@Suite struct ConvolutionTests {
  @Test(arguments: [
    ("plain", 1, 1, 1, 1), ("point", 1, 0, 1, 1), ("pointStride", 2, 0, 1, 1),
    ("stride", 2, 1, 1, 1), ("stem", 2, 3, 1, 1), ("dilation", 1, 2, 2, 1), ("even", 1, 1, 1, 1),
    ("groups", 1, 1, 1, 2), ("depthwise", 1, 1, 1, 5), ("depthwiseStride", 2, 2, 1, 5),
    ("multiplier", 1, 2, 2, 3),
  ])
  func `convolution equals PyTorch`(
    name: String, stride: Int, padding: Int, dilation: Int, groups: Int
  ) throws {
    try expectGolden("convolution/\(name)", absolute: 5e-5) {
      convolution2d(
        $0[0].channelsInnermost, weight: $0[1], bias: $0[2], stride: stride,
        padding: .each(padding), dilation: dilation, groups: groups
      ).channelsFirst
    }
  }

  @Test func `the fused convolution equals PyTorch`() throws {
    try expectGolden("fused/none", absolute: 1e-4) {
      convolution2d(
        $0[0].channelsInnermost, weight: $0[1], scale: $0[2], shift: $0[3], padding: 1
      ).channelsFirst
    }
    try expectGolden("fused/residual", absolute: 1e-4) {
      convolution2d(
        $0[0].channelsInnermost, weight: $0[1], scale: $0[2], shift: $0[3],
        residual: $0[4].channelsInnermost, activation: .relu, padding: 1
      ).channelsFirst
    }
    try expectGolden("fused/relu6", absolute: 1e-4) {
      convolution2d(
        $0[0].channelsInnermost, weight: $0[1], scale: $0[2], shift: $0[3], activation: .relu6
      ).channelsFirst
    }
    try expectGolden("fused/depthwise", absolute: 1e-4) {
      convolution2d(
        $0[0].channelsInnermost, weight: $0[1], scale: $0[2], shift: $0[3],
        residual: $0[4].channelsInnermost, activation: .relu, padding: 1, groups: 4
      ).channelsFirst
    }
    try expectGolden("frozen") {
      frozenBatchNorm($0[0].channelsInnermost, scale: $0[1], shift: $0[2]).channelsFirst
    }
  }

  @Test(arguments: [(8, 11), (11, 8), (7, 7), (10, 10), (1, 2)], [(3, 1), (3, 2), (5, 2), (5, 3)])
  func `the padding "same" adds its odd row and column at the end`(
    size: (Int, Int), kernel: (extent: Int, stride: Int)
  ) {
    func zeros(_ extent: Int) -> (before: Int, after: Int) {
      let results = (extent + kernel.stride - 1) / kernel.stride
      let total = max(0, (results - 1) * kernel.stride + kernel.extent - extent)
      return (total / 2, (total + 1) / 2)
    }
    func padded(_ x: Tensor) -> Tensor {
      var x = x
      for (axis, zeros) in [(1, zeros(size.0)), (2, zeros(size.1))] {
        func block(_ count: Int) -> Tensor {
          var shape = x.shape
          shape[axis] = count
          return .zeros(shape)
        }
        x = concatenated([block(zeros.before), x, block(zeros.after)], axis: axis)
      }
      return x
    }
    for groups in [1, 6] {
      let inputs = [
        Parameter("x", normal([2, size.0, size.1, 6], 1)),
        Parameter("weight", normal([6, 6 / groups, kernel.extent, kernel.extent], 2)),
      ]
      let results = [true, false].map { isSame in
        withGradients { () -> Tensor in
          let y = convolution2d(
            isSame ? inputs[0].tensor : padded(inputs[0].tensor), weight: inputs[1].tensor,
            stride: kernel.stride, padding: isSame ? .same : 0, groups: groups)
          #expect(y.shape[1] == (size.0 + kernel.stride - 1) / kernel.stride)
          return (y * y).sum()
        }
      }
      expectClose(results[0].0, results[1].0, relative: 1e-5)
      for input in inputs {
        expectClose(
          results[0].1[input]!, results[1].1[input]!, absolute: 1e-4, relative: 1e-5)
      }
    }
  }

  @Test func `no pictures`() {
    let weight = Parameter("weight", normal([4, 3, 3, 3]))
    let scale = Parameter("scale", .ones([4]))
    let (_, gradients) = withGradients {
      let y = convolution2d(
        .zeros([0, 8, 8, 3]), weight: weight.tensor, scale: scale.tensor, shift: .zeros([4]),
        activation: .relu, padding: 1)
      #expect(y.shape == [0, 8, 8, 4])
      return y.sum()
    }
    #expect(gradients[weight]?.elements.allSatisfy { $0 == 0 } == true)
    #expect(gradients[scale]?.elements == [0, 0, 0, 0])
  }

  @Test(arguments: [
    ([1, 150, 201, 3], [8, 3, 7, 7], 2, 3, 1), ([1, 15, 20, 64], [96, 64, 3, 3], 1, 1, 1),
    ([3, 60, 50, 32], [16, 32, 3, 3], 1, 1, 1), ([2, 45, 40, 96], [128, 96, 1, 1], 1, 0, 1),
    ([2, 70, 61, 64], [64, 1, 3, 3], 2, 1, 64), ([1, 10, 10, 512], [256, 512, 1, 1], 1, 0, 1),
    ([1, 30, 30, 40], [128, 40, 1, 1], 2, 0, 1),
  ])
  func `bits of large convolutions do not depend on the threads, blocks give the same as pictures`(
    x: Shape, weight: Shape, stride: Int, padding: Int, groups: Int
  ) {
    let (input, kernel) = (normal(x, 1), normal(weight, 2))
    let (scale, shift) = (normal([weight[0]], 3), normal([weight[0]], 4))
    func run(_ input: Tensor) -> Tensor {
      convolution2d(
        input, weight: kernel, scale: scale, shift: shift, activation: .relu, stride: stride,
        padding: .each(padding), groups: groups)
    }
    expectSameBits { run(input) }
    // The definition, one tap of the kernel after the other.
    let y = Winograd.$isEnabled.withValue(false) { run(input) }
    let elements = input.elements
    let weights = kernel.elements
    var worst: Float = 0
    let key = RandomKey(seed: 4)
    for probe in 0..<300 {
      let position = key.integer(at: UInt64(probe), below: y.count)
      let output = position % y.shape[3]
      let (column, row) = (
        position / y.shape[3] % y.shape[2], position / y.shape[3] / y.shape[2] % y.shape[1]
      )
      let sample = position / y.shape[3] / y.shape[2] / y.shape[1]
      let first = output / (weight[0] / groups) * weight[1]
      var sum: Double = 0
      for c in 0..<weight[1] {
        for ky in 0..<weight[2] {
          for kx in 0..<weight[3] {
            let (sy, sx) = (row * stride + ky - padding, column * stride + kx - padding)
            guard sy >= 0, sy < x[1], sx >= 0, sx < x[2] else { continue }
            let value = elements[((sample * x[1] + sy) * x[2] + sx) * x[3] + first + c]
            let factor = weights[((output * weight[1] + c) * weight[2] + ky) * weight[3] + kx]
            sum += Double(value) * Double(factor)
          }
        }
      }
      let expected = max(0, Float(sum) * scale[output] + shift[output])
      worst = max(worst, abs(expected - y[sample, row, column, output]))
    }
    #expect(worst < 2e-4)
    // The gradient is that of the whole: the batch is cut, the sums are not lost.
    let parameters = [Parameter("x", input), Parameter("weight", kernel)]
    func gradients() -> Gradients {
      withGradients {
        (convolution2d(
          parameters[0].tensor, weight: parameters[1].tensor, stride: stride,
          padding: .each(padding),
          groups: groups) * y).sum()
      }.gradients
    }
    for parameter in parameters { expectSameBits { gradients()[parameter]! } }
    // sum(conv(x, w) * y) is linear in x and in w: the gradient times either is the sum itself.
    let whole =
      (convolution2d(
        input, weight: kernel, stride: stride, padding: .each(padding), groups: groups) * y).sum()
      .scalar
    for (parameter, value) in zip(parameters, [input, kernel]) {
      let product = (gradients()[parameter]! * value).sum().scalar
      #expect(abs(product - whole) < 1e-4 * abs(whole))
    }
  }

  @Test func `NaN stays NaN through bias and activation`() {
    let x = Tensor(repeating: .nan, shape: [1, 3, 3, 2])
    forEveryKernelLevel { _ in
      for (weight, groups) in [(normal([2, 2, 3, 3]), 1), (normal([2, 1, 3, 3]), 2)] {
        let y = convolution2d(
          x, weight: weight, scale: .ones([2]), shift: .ones([2]), activation: .relu6, padding: 1,
          groups: groups)
        #expect(y.elements.allSatisfy { $0.isNaN })
      }
    }
  }

  @Test func `gradients of depthwise convolutions with a multiplier and all that follows`() {
    let inputs = [
      normal([2, 6, 7, 3], 1), normal([6, 1, 3, 3], 2), normal([6], 3), normal([6], 4),
      normal([2, 3, 4, 6], 5),
    ]
    checkGradient(of: inputs, samples: 8) {
      convolution2d(
        $0[0], weight: $0[1], scale: $0[2], shift: $0[3], residual: $0[4], stride: 2, padding: 1,
        groups: 3)
    }
  }

  @Test func `wrong shapes stop the program`() async {
    await #expect(processExitsWith: .failure) {
      _ = convolution2d(.zeros([1, 8, 8, 3]), weight: .zeros([4, 2, 3, 3]))
    }
    await #expect(processExitsWith: .failure) {
      _ = convolution2d(.zeros([1, 2, 2, 3]), weight: .zeros([4, 3, 3, 3]))
    }
  }
}
