import Support
import Tensors
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
  Tensor.uniform(shape, in: -2..<2, key: RandomKey(seed: seed))
}

@Suite struct ReductionTests {
  static let cases: [(Shape, [Int]?)] = [
    ([], nil), ([5], nil), ([5], [0]), ([3, 4], [0]), ([3, 4], [1]), ([3, 4], [-1]), ([3, 4], nil),
    ([2, 3, 4, 5], [1]), ([2, 3, 4, 5], [0, 2]), ([2, 3, 4, 5], [1, 2]), ([2, 3, 4, 5], [3, 0]),
    ([2, 1, 4], [1]), ([0], nil), ([0, 3], [0]), ([3, 0], [0]), ([2, 3], []),
    ([300, 257], [0]), ([300, 257], [1]), ([3, 200, 100], [1]), ([2, 70_000], [1]), ([90_000], nil),
  ]

  private static func reference(_ x: Tensor, _ axes: [Int]?) -> [Float] {
    let reduced = Set((axes ?? Array(x.shape.indices)).map { $0 < 0 ? $0 + x.rank : $0 })
    let kept = x.shape.indices.filter { !reduced.contains($0) }
    let keptStrides = kept.map { x.shape[$0] }.rowMajorStrides
    let strides = x.shape.rowMajorStrides
    var sums = [Double](repeating: 0, count: kept.map { x.shape[$0] }.elementCount)
    for (flat, value) in x.elements.enumerated() {
      var target = 0
      for (axis, stride) in zip(kept, keptStrides) {
        target += flat / strides[axis] % x.shape[axis] * stride
      }
      sums[target] += Double(value)
    }
    return sums.map(Float.init)
  }

  @Test(arguments: cases)
  func sumsAndMeans(_ shape: Shape, _ axes: [Int]?) {
    let x = random(shape, 11)
    let expected = Self.reference(x, axes)
    let sum = x.sum(axes: axes)
    expectClose(sum, Tensor(expected, shape: sum.shape), absolute: 3e-5, relative: 1e-6)
    let kept = x.sum(axes: axes, keepingAxes: true)
    #expect(kept.rank == x.rank)
    atOneKernelLevel {
      #expect(x.sum(axes: axes, keepingAxes: true).elements == x.sum(axes: axes).elements)
    }
    let mean = x.mean(axes: axes)
    #expect(mean.shape == sum.shape)
    let divisor = Float(x.count) / Float(sum.count)
    if x.count > 0 { expectClose(mean, sum / divisor) }
  }

  @Test(arguments: cases)
  func gradients(_ shape: Shape, _ axes: [Int]?) {
    if shape.elementCount > 1000 { return }
    checkGradient(of: [random(shape, 12)], samples: 8) { $0[0].sum(axes: axes) }
    if shape.elementCount == 0 { return }
    checkGradient(of: [random(shape, 13)], samples: 8) {
      $0[0].mean(axes: axes, keepingAxes: true) * $0[0]
    }
  }

  @Test func meanOfNothingIsNotANumber() {
    #expect(Tensor([], shape: [0]).mean().scalar.isNaN)
    #expect(Tensor([], shape: [0]).sum().scalar == 0)
  }

  @Test func bitsDoNotDependOnTheNumberOfThreads() {
    let x = random([700, 300], 14)
    forEveryKernelLevel { _ in
      let before = Parallel.threads
      defer { Parallel.threads = before }
      Parallel.threads = 1
      let one = [x.sum().elements, x.sum(axes: [0]).elements, x.sum(axes: [1]).elements]
      Parallel.threads = 3
      #expect(one == [x.sum().elements, x.sum(axes: [0]).elements, x.sum(axes: [1]).elements])
    }
  }
}
