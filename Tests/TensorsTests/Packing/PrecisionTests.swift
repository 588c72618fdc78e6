import Layers
import Support
import Tensors
import Testing

/// Products whose weights are packed for one of the precisions.
@Suite struct PrecisionTests {
  private static func random(_ shape: Shape, _ name: String) -> Tensor {
    Tensor.normal(shape, key: RandomKey(seed: 7).folding(name))
  }

  /// Root of the mean square of the difference, as a part of that of the expected numbers.
  private static func relativeError(_ found: Tensor, _ expected: Tensor) -> Float {
    let difference = found - expected
    return ((difference * difference).sum().scalar / (expected * expected).sum().scalar)
      .squareRoot()
  }

  /// Extents that are cut by rows, by panels, and not at all.
  private static let extents = [(1600, 48, 72), (90, 300, 520), (3, 20, 5)]

  @Test(arguments: extents) func theErrorIsThatOfTheRounding(
    _ rows: Int, _ inner: Int, _ columns: Int
  ) {
    let x = Self.random([rows, inner], "x")
    let weight = Self.random([columns, inner], "weight")
    let bias = Self.random([columns], "bias")
    let expected = linear(x, weight: weight, bias: bias)
    for (precision, limit) in [(Precision.f32, Float(1e-6)), (.bf16, 0.004), (.int8, 0.02)] {
      let matrix = PackedMatrix(weight: weight, shift: bias, precision: precision)
      #expect(matrix.precision == precision)
      let error = Self.relativeError(product(x, matrix), expected)
      #expect(error < limit, "\(precision): \(error)")
      if precision != .f32 { #expect(error > limit / 20, "\(precision): \(error)") }
    }
  }

  @Test(arguments: extents) func bitsDoNotDependOnTheThreads(
    _ rows: Int, _ inner: Int, _ columns: Int
  ) {
    let x = Self.random([rows, inner], "x")
    let weight = Self.random([columns, inner], "weight")
    atOneKernelLevel {
      let threads = Parallel.threads
      defer { Parallel.threads = threads }
      for precision in Precision.allCases {
        let results = [1, 2, 3].map { count in
          Parallel.threads = count
          return product(x, PackedMatrix(weight: weight, precision: precision)).elements
        }
        let isSame = results[0] == results[1] && results[0] == results[2]
        #expect(isSame, "\(precision)")
      }
    }
  }

  @Test func noRowsGiveNoRows() {
    for precision in Precision.allCases {
      let none = PackedMatrix(weight: .ones([3, 4]), precision: precision)
      #expect(product(.zeros([0, 4]), none).shape == [0, 3])
    }
  }

  @Test func aModelHasThePrecisionOfItsSource() throws {
    var outputs: [Precision: Tensor] = [:]
    let x = Self.random([5, 64], "x")
    for precision in Precision.allCases {
      let source = ParameterSource(seed: 1)
      source.precision = precision
      let layer = try Linear(64, 32, in: source.root["layer"])
      #expect(layer.weight.precision == precision)
      #expect(layer.bias.precision == .f32)
      let exact = try Linear(64, 32, in: source.root["head"].exact["last"])
      #expect(exact.weight.precision == .f32)
      outputs[precision] = layer(x)
      // Where gradients are recorded the parameters themselves are used.
      _ = withGradients {
        let recorded = layer(x)
        expectClose(recorded, linear(x, weight: layer.weight.value, bias: layer.bias.value))
        return recorded.sum()
      }
    }
    let expected = try #require(outputs[.f32])
    for precision in [Precision.bf16, .int8] {
      let error = Self.relativeError(try #require(outputs[precision]), expected)
      #expect(error > 1e-4 && error < 0.02, "\(precision): \(error)")
    }
  }
}
