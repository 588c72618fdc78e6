import Support
import Tensors
import Testing
import Training

@Suite(.serialized) struct AdamWTests {
  static let names = ["weight", "bias", "sometimes"]

  /// The gradients of a sum that weighs every parameter with its golden gradient are these.
  func gradients(_ golden: Golden, step: Int, of parameters: [Parameter]) -> Gradients {
    var gradients = withGradients { Tensor(0) }.gradients
    for parameter in parameters where golden.contains("gradient.\(step).\(parameter.name)") {
      gradients[parameter] = golden["gradient.\(step).\(parameter.name)"]
    }
    return gradients
  }

  func trained(_ golden: Golden, check: (Int, [Parameter], Float) -> Void = { _, _, _ in }) throws
    -> [Parameter]
  {
    let parameters = AdamWTests.names.map { Parameter($0, golden["start.\($0)"]) }
    let groups = ParameterGroups(
      learningRate: 3e-2, weightDecay: 1e-2,
      groups: [.init(match: "bias", learningRate: 1e-3, weightDecay: 0)])
    let optimizer = AdamW(
      parameters, rates: try groups.rates(of: parameters), betas: (0.9, 0.98))
    for step in 0..<10 {
      let gradients = gradients(golden, step: step, of: parameters)
      let norm = globalNorm(of: parameters.compactMap { gradients[$0] })
      optimizer.step(gradients, gradientScale: clippingScale(norm: norm, maximum: 2.5))
      check(step, parameters, norm)
    }
    #expect(optimizer.moments.map { $0?.steps } == [10, 10, 5])
    return parameters
  }

  @Test func followsTorch() throws {
    let golden = try Golden("Training/adamw.safetensors")
    let norms = golden["norms"]
    try forEveryKernelLevel { level in
      _ = try trained(golden) { step, parameters, norm in
        #expect(abs(norm - norms[step]) <= 1e-6 * norms[step], "\(level)")
        for parameter in parameters {
          expectClose(
            parameter.value, golden["value.\(step).\(parameter.name)"], absolute: 1e-6,
            relative: 1e-6, level)
        }
      }
    }
  }

  @Test func bitsDoNotDependOnThreads() throws {
    let golden = try Golden("Training/adamw.safetensors")
    try atOneKernelLevel {
      let before = Parallel.threads
      defer { Parallel.threads = before }
      Parallel.threads = 1
      let one = try trained(golden).map(\.value.elements)
      Parallel.threads = 5
      #expect(try trained(golden).map(\.value.elements) == one)
    }
  }

  @Test func largeNormIsTheSameOnEveryVersionAndThreadCount() {
    let long = Tensor.normal([200_003], key: RandomKey(seed: 3))
    let short = Tensor.normal([17], key: RandomKey(seed: 4))
    let before = Parallel.threads
    defer { Parallel.threads = before }
    var found: Set<Float> = []
    forEveryKernelLevel { _ in
      for threads in [1, 2, 7] {
        Parallel.threads = threads
        found.insert(globalNorm(of: [long, short]))
      }
    }
    let exact = (long.elements + short.elements).reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(found.count == 1)
    #expect(abs(Double(found.first!) - exact.squareRoot()) < 1e-4)
  }

  @Test func aFrozenParameterStays() {
    let parameter = Parameter("a", Tensor([1, 2]), isTrainable: false)
    let optimizer = AdamW([parameter], rates: [.init(learningRate: 1, weightDecay: 1)])
    var gradients = withGradients { Tensor(0) }.gradients
    gradients[parameter] = Tensor([1, 1])
    optimizer.step(gradients)
    #expect(parameter.value.elements == [1, 2])
  }

  @Test func aValueThatSomebodyElseHoldsIsCopiedNotChanged() {
    let parameter = Parameter("a", Tensor([1, 2]))
    let held = parameter.value
    let optimizer = AdamW([parameter], rates: [.init(learningRate: 1, weightDecay: 0)])
    var gradients = withGradients { Tensor(0) }.gradients
    gradients[parameter] = Tensor([1, 1])
    optimizer.step(gradients)
    #expect(held.elements == [1, 2])
    #expect(parameter.value.elements != [1, 2])
  }

  @Test func clippingMirrorsTorch() {
    #expect(clippingScale(norm: 0.5, maximum: 1) == 1)
    #expect(clippingScale(norm: 4, maximum: 1) == 1 / (4 + 1e-6))
    #expect(globalNorm(of: []) == 0)
    #expect(globalNorm(of: [Tensor([.nan])]).isNaN)
  }
}
