import Support
import Tensors
import Testing

private func random(_ shape: Shape, _ seed: UInt64, in range: Range<Float> = -2..<2) -> Tensor {
  Tensor.uniform(shape, in: range, key: RandomKey(seed: seed))
}

@Suite struct LossTests {
  @Test func gradients() {
    let logits = random([5, 7], 51)
    let targets = [0, 6, 3, 3, 1]
    let weights = random([7], 52, in: 0.5..<1)
    checkGradient(of: [logits]) { crossEntropy($0[0], targets: targets) }
    checkGradient(of: [logits]) {
      crossEntropy($0[0], targets: targets, classWeights: weights, ignoring: 3)
    }
    let goals = random([5, 7], 53, in: 0..<1)
    checkGradient(of: [logits]) { binaryCrossEntropy(logits: $0[0], targets: goals) }
    checkGradient(of: [logits, logits + 3]) { absoluteDifference($0[0], $0[1]) * 2 }
  }

  @Test func largeLossesAddUp() {
    let a = random([90_000], 54)
    let b = random([90_000], 55)
    let expected = zip(a.elements, b.elements).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
    expectClose(absoluteDifference(a, b).scalar, Float(expected), relative: 1e-6)
    let goals = random([90_000], 56, in: 0..<1)
    let whole = binaryCrossEntropy(logits: a, targets: goals).scalar
    let halves = [0..<45_000, 45_000..<90_000].map {
      binaryCrossEntropy(
        logits: a.sliced(axis: 0, range: $0), targets: goals.sliced(axis: 0, range: $0)
      ).scalar
    }
    expectClose(whole, (halves[0] + halves[1]) / 2)
  }

  @Test func nothingToAverageIsNotANumber() {
    let logits = random([2, 3], 57)
    #expect(crossEntropy(logits, targets: [1, 1], ignoring: 1).scalar.isNaN)
    #expect(crossEntropy(Tensor([], shape: [0, 3]), targets: []).scalar.isNaN)
    #expect(absoluteDifference(Tensor([], shape: [0]), Tensor([], shape: [0])).scalar == 0)
  }

  @Test func extremeLogitsStayFinite() {
    let logits = Tensor([1000, -1000, 1000, -1000])
    let targets = Tensor([1, 0, 0, 1])
    #expect(binaryCrossEntropy(logits: logits, targets: targets).scalar == 500)
    #expect(crossEntropy(Tensor([1000, 0], shape: [1, 2]), targets: [1]).scalar == 1000)
  }
}
