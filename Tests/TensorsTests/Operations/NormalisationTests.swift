import Support
import Tensors
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
  Tensor.uniform(shape, in: -2..<2, key: RandomKey(seed: seed))
}

@Suite struct NormalisationTests {
  @Test(arguments: [[5], [1], [3, 1], [2, 3, 17], [0, 4], [400, 100]] as [Shape])
  func gradients(_ shape: Shape) {
    let x = random(shape, 31)
    let samples = shape.elementCount > 1000 ? 2 : 12
    checkGradient(of: [x], samples: samples) { $0[0].softmax() }
    checkGradient(of: [x], samples: samples) { $0[0].logSoftmax() }
    let width = shape.last!
    if width == 1 { return }
    checkGradient(of: [x, random([width], 32), random([width], 33)], samples: samples) {
      layerNorm($0[0], weight: $0[1], bias: $0[2], epsilon: 1e-5)
    }
  }

  @Test(arguments: [[5], [2, 3, 17], [0, 4], [400, 100]] as [Shape])
  func aResidualIsAddedFirst(_ shape: Shape) {
    let width = shape.last!
    let inputs = [random(shape, 41), random(shape, 42), random([width], 43), random([width], 44)]
    func fused(_ x: [Tensor]) -> Tensor {
      layerNorm(x[0], plus: x[1], weight: x[2], bias: x[3], epsilon: 1e-5)
    }
    forEveryKernelLevel { _ in
      let sum = inputs[0] + inputs[1]
      expectClose(
        fused(inputs), layerNorm(sum, weight: inputs[2], bias: inputs[3], epsilon: 1e-5))
    }
    checkGradient(of: inputs, samples: shape.elementCount > 1000 ? 2 : 12, fused)
  }

  @Test func emptyRows() {
    #expect(Tensor([], shape: [3, 0]).softmax().shape == [3, 0])
    #expect(Tensor([], shape: [3, 0]).logSoftmax().shape == [3, 0])
    #expect(Tensor(2).softmax().scalar == 1)
  }

  @Test func largeWorkAgreesWithRowsOneByOne() {
    let x = random([300, 200], 34)
    let (weight, bias) = (random([200], 35), random([200], 36))
    let norm = layerNorm(x, weight: weight, bias: bias, epsilon: 1e-5)
    for row in [0, 81, 82, 299] {
      let one = x.sliced(axis: 0, range: row..<row + 1)
      expectClose(one.softmax(), x.softmax().sliced(axis: 0, range: row..<row + 1))
      expectClose(one.logSoftmax(), x.logSoftmax().sliced(axis: 0, range: row..<row + 1))
      expectClose(
        layerNorm(one, weight: weight, bias: bias, epsilon: 1e-5),
        norm.sliced(axis: 0, range: row..<row + 1))
    }
  }

  @Test func bitsOfTheGradientsDoNotDependOnTheNumberOfThreads() {
    let parameters = [random([700, 100], 37), random([100], 38), random([100], 39)]
      .enumerated().map { Parameter("\($0)", $1) }
    func bits() -> [[Float]] {
      let (_, gradients) = withGradients {
        let x = parameters.map(\.tensor)
        let y = layerNorm(x[0], weight: x[1], bias: x[2], epsilon: 1e-5)
        return (y.gelu() * y.softmax()).mean()
      }
      return parameters.map { gradients[$0]!.elements }
    }
    forEveryKernelLevel { _ in
      let before = Parallel.threads
      defer { Parallel.threads = before }
      Parallel.threads = 1
      let one = bits()
      Parallel.threads = 4
      #expect(one == bits())
    }
  }
}
