import Support
import Tensors
import Testing

let linearGolden = Result { try Golden("Operations/linear.safetensors") }

/// Compares an operation, at every instruction set, with a case of `linear.safetensors`: the output
/// and the gradients of `sum(output * weight)`.
func expectGolden(
  _ name: String, absolute: Float = 2e-5, relative: Float = 2e-5,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: ([Tensor]) -> Tensor
) throws {
  let golden = try linearGolden.get()
  let inputs = (0..<8).map { "\(name)/input\($0)" }.filter { golden.contains($0) }
    .map { golden[$0] }
  #expect(!inputs.isEmpty, "there is no case \(name)", sourceLocation: sourceLocation)
  let weight = golden["\(name)/weight"]
  forEveryKernelLevel { level in
    expectClose(
      body(inputs), golden["\(name)/output"], absolute: absolute, relative: relative,
      "\(name) \(level)", sourceLocation: sourceLocation)
    let parameters = inputs.enumerated().map { Parameter("\($0)", $1) }
    let (_, gradients) = withGradients { () -> Tensor in
      let output = body(parameters.map(\.tensor))
      return matmul(output.reshaped([1, -1]), weight.reshaped([-1, 1])).reshaped([])
    }
    for (index, parameter) in parameters.enumerated() {
      expectClose(
        gradients[parameter] ?? Tensor(0), golden["\(name)/gradient\(index)"],
        absolute: absolute, relative: relative, "\(name) \(level) gradient \(index)",
        sourceLocation: sourceLocation)
    }
  }
}

/// Compares an operation, at every instruction set, with a case of a golden of
/// `Goldens/Operations`: the output and the gradients of the weighted sum.
func expectElementwise(
  _ name: String, in file: String,
  sourceLocation: SourceLocation = #_sourceLocation, _ operation: ([Tensor]) -> Tensor
) throws {
  let golden = try Golden("Operations/\(file).safetensors")
  var inputs: [Tensor] = []
  while golden.contains("\(name)/x\(inputs.count)") {
    inputs.append(golden["\(name)/x\(inputs.count)"])
  }
  #expect(!inputs.isEmpty, "no inputs of \(name)", sourceLocation: sourceLocation)
  forEveryKernelLevel { level in
    let parameters = inputs.enumerated().map { Parameter("x\($0)", $1) }
    let (_, output, gradients) = withGradients {
      let output = operation(parameters.map(\.tensor))
      return ((output * golden["\(name)/w"]).sum(), output.detached)
    }
    expectClose(
      output, golden["\(name)/y"], absolute: 1e-6, relative: 2e-6, "\(name), \(level):",
      sourceLocation: sourceLocation)
    for (index, parameter) in parameters.enumerated()
    where golden.contains("\(name)/dx\(index)") {
      expectClose(
        gradients[parameter] ?? .zeros(inputs[index].shape), golden["\(name)/dx\(index)"],
        absolute: 1e-5, relative: 1e-5, "gradient \(index) of \(name), \(level):",
        sourceLocation: sourceLocation)
    }
  }
}

/// Expects the same bits from one thread as from two.
func expectSameBits(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () -> Tensor
) {
  atOneKernelLevel {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let bits = [1, 2, 5].map { threads in
      Parallel.threads = threads
      return body().elements.map(\.bitPattern)
    }
    #expect(bits[0] == bits[1] && bits[0] == bits[2], sourceLocation: sourceLocation)
  }
}

func normal(_ shape: Shape, _ seed: UInt64 = 1) -> Tensor {
  Tensor.normal(shape, key: RandomKey(seed: seed))
}
