import Support
import Tensors
import Testing

private func random(_ shape: Shape, _ seed: UInt64, in range: Range<Float> = -2..<2) -> Tensor {
  Tensor.uniform(shape, in: range, key: RandomKey(seed: seed))
}

@Suite struct ActivationTests {
  @Test func reluKeepsWhatIsPositive() {
    let x = Tensor([-2, -0.5, 0, 0.5, 3, .infinity, -.infinity])
    #expect(x.relu().elements == [0, 0, 0, 0.5, 3, .infinity, 0])
    #expect(Tensor(Float.nan).relu().scalar.isNaN)
    #expect(Tensor([], shape: [0]).relu().shape == [0])
    #expect(Tensor([-1, 3, 6, 9]).relu6().elements == [0, 3, 6, 6])
  }

  @Test(arguments: [[], [1], [3, 19], [0, 4], [40, 1000]] as [Shape]) func gradients(_ shape: Shape)
  {
    let x = random(shape, 21)
    let positive = random(shape, 22, in: 0.5..<3)
    let away = x + x.magnitude() / x * 0.1
    let samples = shape.elementCount > 1000 ? 2 : 12
    checkGradient(of: [away], samples: samples) { $0[0].relu() }
    checkGradient(of: [away], samples: samples) { $0[0].relu6() }
    checkGradient(of: [away], samples: samples) { $0[0].magnitude() }
    checkGradient(of: [away], samples: samples) { $0[0].clamped(to: -5...0) }
    for (function, input) in [
      ({ $0.gelu() }, x), ({ $0.gelu(.tanh) }, x), ({ $0.sigmoid() }, x), ({ $0.tanh() }, x),
      ({ $0.exponential() }, x), ({ $0.logarithm() }, positive), ({ $0.squareRoot() }, positive),
    ] as [((Tensor) -> Tensor, Tensor)] {
      checkGradient(of: [input], samples: samples) { function($0[0]) }
    }
  }

  @Test func aTransposedOrSlicedTensorIsLikeAnyOther() {
    let x = random([5, 7], 23)
    let transposed = x.transposed([1, 0])
    expectClose(transposed.gelu().transposed([1, 0]), x.gelu())
    #expect((transposed + transposed).elements == (transposed * 2).elements)
    checkGradient(of: [x], samples: 8) { $0[0].transposed([1, 0]).softmax() }
    checkGradient(of: [x], samples: 8) { $0[0].sliced(axis: 1, range: 2..<5).tanh() }
  }
}
