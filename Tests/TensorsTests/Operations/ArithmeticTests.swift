import CKernels
import Support
import Tensors
import Testing

private func random(_ shape: Shape, _ seed: UInt64, in range: Range<Float> = -2..<2) -> Tensor {
  Tensor.uniform(shape, in: range, key: RandomKey(seed: seed))
}

@Suite struct ArithmeticTests {
  /// Pairs of shapes that take every path of the broadcasting.
  static let pairs: [(Shape, Shape)] = [
    ([], []), ([7], [7]), ([3, 5], [3, 5]), ([], [4]), ([4], []), ([2, 3, 19], [19]),
    ([19], [2, 3, 19]), ([2, 3, 19], [3, 19]), ([2, 5, 3], [2, 1, 3]), ([2, 1, 3], [2, 5, 3]),
    ([4, 3, 1, 1], [4, 3, 5, 2]), ([1, 3, 1, 1], [4, 3, 5, 2]), ([5, 1], [1, 6]),
    ([3, 1, 2, 1], [1, 4, 1, 5]), ([0], [1]), ([0, 3], [3]), ([1], [1, 1]),
    ([2, 0, 3], [1, 1, 3]),
  ]

  /// The value at a position of the broadcast result, found by indices alone.
  private static func reference(
    _ a: Tensor, _ b: Tensor, _ operation: (Float, Float) -> Float
  ) -> Tensor {
    let shape = a.shape.broadcast(with: b.shape)!
    func element(_ tensor: Tensor, _ flat: Int) -> Float {
      var (rest, offset) = (flat, 0)
      let strides = tensor.shape.rowMajorStrides
      for axis in shape.indices.reversed() {
        let position = rest % shape[axis]
        rest /= shape[axis]
        let own = axis - shape.count + tensor.rank
        if own >= 0 && tensor.shape[own] != 1 { offset += position * strides[own] }
      }
      return tensor.elements[offset]
    }
    let values = (0..<shape.elementCount).map { operation(element(a, $0), element(b, $0)) }
    return Tensor(values, shape: shape)
  }

  @Test(arguments: pairs)
  func broadcastsAsIndicesSay(_ shapeA: Shape, _ shapeB: Shape) {
    let a = random(shapeA, 1)
    let b = random(shapeB, 2, in: 0.5..<2)
    #expect((a + b).elements == Self.reference(a, b, +).elements)
    #expect((a - b).elements == Self.reference(a, b, -).elements)
    #expect((a * b).elements == Self.reference(a, b, *).elements)
    #expect((a / b).elements == Self.reference(a, b, /).elements)
    #expect((a + b).shape == Self.reference(a, b, +).shape)
  }

  @Test(arguments: pairs)
  func gradientsFlowToBothSides(_ shapeA: Shape, _ shapeB: Shape) {
    let inputs = [random(shapeA, 3), random(shapeB, 4, in: 0.5..<2)]
    checkGradient(of: inputs, samples: 8) { $0[0] + $0[1] }
    checkGradient(of: inputs, samples: 8) { $0[0] - $0[1] }
    checkGradient(of: inputs, samples: 8) { $0[0] * $0[1] }
    checkGradient(of: inputs, samples: 8) { $0[0] / $0[1] }
  }

  @Test func numbersStandOnEitherSide() {
    let x = Tensor([1, -2, 4])
    #expect((x + 1).elements == [2, -1, 5])
    #expect((1 + x).elements == [2, -1, 5])
    #expect((x - 1).elements == [0, -3, 3])
    #expect((1 - x).elements == [0, 3, -3])
    #expect((x * 2).elements == [2, -4, 8])
    #expect((2 * x).elements == [2, -4, 8])
    #expect((x / 2).elements == [0.5, -1, 2])
    #expect((2 / x).elements == [2, -1, 0.5])
    #expect((-x).elements == [-1, 2, -4])
    checkGradient(of: [x]) { (3 - $0[0]) * 2 + (1 / $0[0]) - ($0[0] / 4) + -($0[0] - 1) }
  }

  @Test func oneTensorOnBothSidesGetsBothGradients() {
    checkGradient(of: [random([3, 4], 5)]) { $0[0] * $0[0] + $0[0] }
  }

  @Test func largeWorkAgreesWithSmall() {
    let a = random([300, 257], 6)
    let row = random([257], 7)
    let column = random([300, 1], 8)
    let sum = (a + row).elements
    let scaled = (a * column).elements
    let elements = a.elements
    for index in stride(from: 0, to: a.count, by: 101) {
      #expect(sum[index] == elements[index] + row.elements[index % 257])
      #expect(scaled[index] == elements[index] * column.elements[index / 257])
    }
  }
}
