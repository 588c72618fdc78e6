import CKernels
import Support
import Testing

@testable import Tensors

@Suite struct AttentionTests {
  let valid =
    [true, true, true, true, true, false, false, false, true, true] + [false] + [
      false, false, false,
    ]

  @Test func `attention equals PyTorch`() throws {
    let golden = try linearGolden.get()
    try expectGolden("attention/plain") {
      attention(query: $0[0], key: $0[1], value: $0[2], heads: 2)
    }
    try expectGolden("attention/one") {
      attention(query: $0[0], key: $0[1], value: $0[2], heads: 1)
    }
    try expectGolden("attention/padding") {
      attention(query: $0[0], key: $0[1], value: $0[2], heads: 4, keyPadding: valid)
    }
    for name in ["queries", "samples", "heads"] {
      try expectGolden("attention/\(name)") {
        attention(
          query: $0[0], key: $0[1], value: $0[2], heads: 2, mask: golden["attention/\(name)/mask"],
          keyPadding: valid)
      }
    }
  }

  @Test func `a query whose keys are all masked gets zeros and no gradient`() {
    let inputs = [normal([2, 3, 4], 1), normal([2, 5, 4], 2), normal([2, 5, 4], 3)]
    let flags = [Bool](repeating: true, count: 5) + [Bool](repeating: false, count: 5)
    forEveryKernelLevel { _ in
      let parameters = inputs.enumerated().map { Parameter("\($0)", $1) }
      let (_, output, gradients) = withGradients { () -> (loss: Tensor, extra: Tensor) in
        let y = attention(
          query: parameters[0].tensor, key: parameters[1].tensor, value: parameters[2].tensor,
          heads: 2, keyPadding: flags)
        let sum = matmul(y.reshaped([1, -1]), .ones([24, 1])).reshaped([])
        return (sum, y.detached)
      }
      #expect(output.elements[12...].allSatisfy { $0 == 0 })
      for parameter in parameters {
        let half = parameter.value.count / 2
        #expect(gradients[parameter]!.elements[half...].allSatisfy { $0 == 0 })
        #expect(gradients[parameter]!.elements[..<half].contains { $0 != 0 })
      }
      let mask = Tensor(repeating: -.infinity, shape: [3, 5])
      let none = attention(
        query: inputs[0], key: inputs[1], value: inputs[2], heads: 2, mask: mask)
      #expect(none.elements.allSatisfy { $0 == 0 })
    }
  }

  @Test func `no queries, no keys`() {
    let some = normal([1, 3, 4])
    #expect(
      attention(query: .zeros([1, 0, 4]), key: some, value: some, heads: 2).shape == [1, 0, 4])
    let none = attention(query: some, key: .zeros([1, 0, 4]), value: .zeros([1, 0, 4]), heads: 2)
    #expect(none.elements == [Float](repeating: 0, count: 12))
  }

  @Test func `the scratch of a piece serves every shorter one`() {
    var attention = kernel_attention()
    (attention.samples, attention.keys, attention.width, attention.value_width) = (1, 10, 8, 8)
    var before = 0
    for queries in 1...1_200 {
      attention.queries = queries
      let scratch = kernel_attention_scratch(&attention, Int32(KERNEL_ATTENTION_FORWARD))
      #expect(scratch >= before, "\(queries) queries")
      before = scratch
    }
  }

  @Test func `many queries are cut into blocks`() {
    let inputs = [normal([1, 1030, 6], 1), normal([1, 300, 6], 2), normal([1, 300, 4], 3)]
    let plan = AttentionPlan(
      query: inputs[0].shape, key: inputs[1].shape, value: inputs[2].shape, heads: 2, mask: nil,
      keyPadding: nil, dropout: 0)
    #expect(plan.blocks > 1)
    let parts = (0..<103).map {
      attention(
        query: inputs[0].sliced(axis: 1, range: 10 * $0..<10 * $0 + 10), key: inputs[1],
        value: inputs[2],
        heads: 2)
    }
    expectClose(
      attention(query: inputs[0], key: inputs[1], value: inputs[2], heads: 2),
      concatenated(parts, axis: 1), absolute: 1e-5)
    checkGradient(of: inputs, samples: 6) {
      attention(query: $0[0], key: $0[1], value: $0[2], heads: 2)
    }
  }

  @Test func `weights sum to one and give the output`() {
    let (q, k) = (normal([2, 3, 8], 1), normal([2, 5, 8], 2))
    let weights = attentionWeights(query: q, key: k, heads: 2)
    #expect(weights.shape == [2, 2, 3, 5])
    let v = normal([2, 5, 8], 3)
    let values = v.reshaped([2, 5, 2, 4]).transposed([0, 2, 1, 3])
    expectClose(
      matmul(weights, values).transposed([0, 2, 1, 3]).reshaped([2, 3, 8]),
      attention(query: q, key: k, value: v, heads: 2), absolute: 1e-6)
  }

  @Test func `dropout is repeatable, keeps the mean, and its gradient is that of what it did`() {
    let inputs = [normal([2, 4, 6], 1), normal([2, 9, 6], 2), normal([2, 9, 6], 3)]
    func pass(_ seed: UInt64, _ inputs: [Tensor]) -> Tensor {
      Tape.$current.withValue(Tape(dropoutKey: RandomKey(seed: seed))) {
        attention(query: inputs[0], key: inputs[1], value: inputs[2], heads: 2, dropout: 0.3)
      }
    }
    atOneKernelLevel { #expect(pass(1, inputs).elements == pass(1, inputs).elements) }
    #expect(pass(1, inputs).elements != pass(2, inputs).elements)
    let plain = attention(query: inputs[0], key: inputs[1], value: inputs[2], heads: 2)
    var mean = Tensor.zeros(plain.shape)
    for seed in 0..<2000 { mean.accumulate(pass(UInt64(seed), inputs)) }
    expectClose(
      matmul(mean.reshaped([-1, 1]), Tensor([1 / 2000], shape: [1, 1])).reshaped(plain.shape),
      plain, absolute: 0.06)

    // The function with the dropout key in force, differentiated numerically and by the tape.
    let weight = normal(plain.shape, 9)
    let parameters = inputs.enumerated().map { Parameter("\($0)", $1) }
    func loss(_ inputs: [Tensor]) -> Tensor {
      matmul(
        attention(query: inputs[0], key: inputs[1], value: inputs[2], heads: 2, dropout: 0.3)
          .reshaped([1, -1]), weight.reshaped([-1, 1])
      ).reshaped([])
    }
    forEveryKernelLevel { _ in
      let (_, gradients) = withGradients(dropoutKey: RandomKey(seed: 5)) {
        loss(parameters.map(\.tensor))
      }
      for (number, parameter) in parameters.enumerated() {
        for index in [0, 7, 20] {
          func value(_ step: Float) -> Float {
            var moved = inputs
            moved[number].withMutablePointer { $0[index] += step }
            return Tape.$current.withValue(Tape(dropoutKey: RandomKey(seed: 5))) {
              loss(moved).scalar
            }
          }
          let quotient = (value(0.02) - value(-0.02)) / 0.04
          #expect(abs(quotient - gradients[parameter]!.elements[index]) < 5e-3)
        }
      }
    }
  }

  @Test func `bits do not depend on the number of threads`() {
    let (q, k, v) = (normal([4, 100, 64], 1), normal([4, 900, 64], 2), normal([4, 900, 64], 3))
    expectSameBits { attention(query: q, key: k, value: v, heads: 8) }
  }
}
