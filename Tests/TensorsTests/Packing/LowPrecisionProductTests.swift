import CKernels
import Support
import Tensors
import Testing

@Suite struct LowPrecisionProductTests {
  /// A float rounded to the nearest bfloat16, ties to even.
  static func bfloat16(_ x: Float) -> Double {
    let bits = x.bitPattern
    return Double(Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000))
  }

  static func expectNear(
    _ found: [Float], _ expected: [Double], within tolerance: Double, _ comment: String
  ) {
    let worst = zip(found, expected).map { abs(Double($0) - $1) }.reduce(0) { $1 <= $0 ? $0 : $1 }
    // Written so that NaN fails.
    #expect(found.count == expected.count && worst <= tolerance, "\(comment): off by \(worst)")
  }

  @Test(arguments: LowPrecisionCase.edges) func bfloat16FactorsAreRoundedAndSummedInFloats(
    _ rows: Int, _ inner: Int, _ columns: Int
  ) {
    var product = LowPrecisionCase(rows, inner, columns)
    product.columnScale = (0..<columns).map { $0 % 3 == 0 ? -2 : 0.5 }
    product.shift = (0..<columns).map { Float($0) / 8 }
    let expected = product.expected(
      left: { $0.map(Self.bfloat16) }, right: { $0.map(Self.bfloat16) })
    forEveryDotProduct { level in
      Self.expectNear(
        product.computed(.bf16), expected, within: 2e-6 * Double(inner) + 1e-6, level)
    }
  }

  @Test func bfloat16RoundsTiesToEven() {
    var product = LowPrecisionCase(4, 2, 1)
    // Between two neighbours: down to the even one, up to the even one, above and below the middle.
    let middle: [Float] = [0x1.01p0, 0x1.03p0, 0x1.0102p0, 0x1.00FEp0]
    product.x = middle.flatMap { [$0, 0] }
    product.weights = [1, 1]
    forEveryDotProduct { level in
      #expect(product.computed(.bf16) == [1, 0x1.04p0, 0x1.02p0, 1], "\(level)")
    }
  }

  @Test(arguments: LowPrecisionCase.edges) func wholeNumbersOfEightBitsAreMultipliedExactly(
    _ rows: Int, _ inner: Int, _ columns: Int
  ) {
    var product = LowPrecisionCase(rows, inner, columns)
    for index in product.x.indices {
      let place = index % inner
      product.x[index] = place == 0 ? 255 : place == 1 ? 0 : Float(index * 37 % 256)
    }
    for index in product.weights.indices {
      product.weights[index] = index % inner == 0 ? -127 : Float(index * 29 % 255 - 127)
    }
    let expected = product.expected(left: { $0.map(Double.init) }, right: { $0.map(Double.init) })
    forEveryDotProduct { level in
      // Only the steps themselves are rounded.
      let allowed = 3e-7 * 255 * 127 * Double(inner)
      Self.expectNear(product.computed(.int8), expected, within: allowed, level)
    }
  }

  @Test(arguments: LowPrecisionCase.edges) func bytesAreOffByHalfAStepAtMost(
    _ rows: Int, _ inner: Int, _ columns: Int
  ) {
    var product = LowPrecisionCase(rows, inner, columns)
    product.columnScale = (0..<columns).map { $0 % 3 == 0 ? -2 : 0.5 }
    let expected = product.expected(left: { $0.map(Double.init) }, right: { $0.map(Double.init) })
    forEveryDotProduct { level in
      let found = product.computed(.int8)
      var square = 0.0
      var size = 0.0
      for (index, (a, b)) in zip(found, expected).enumerated() {
        let (row, column) = (index / columns, index % columns)
        let x = product.x[row * inner..<(row + 1) * inner]
        let w = product.weights[column * inner..<(column + 1) * inner]
        let step = (x.max()! - x.min()!) / 255
        let part = w.map(abs).max()! / 127
        // Each factor is off by half of its step; the last part is the rounding of the sum.
        let bound =
          w.map { abs($0) + part / 2 }.reduce(0, +) * step / 2 + x.map(abs).reduce(0, +) * part / 2
        let allowed = Double(bound * abs(product.columnScale![column])) * 1.001 + 1e-5
        #expect(abs(Double(a) - b) <= allowed, "\(level): element \(index)")
        square += (Double(a) - b) * (Double(a) - b)
        size += b * b
      }
      #expect(square <= 1e-4 * size, "\(level): relative error \((square / size).squareRoot())")
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func aRowThatIsNotFiniteStaysAlone(
    _ bad: Float
  ) {
    for place in [0, 17, 70] {
      var product = LowPrecisionCase(8, 71, 66)
      forEveryDotProduct { level in
        var changed = product
        changed.x[3 * 71 + place] = bad
        for arithmetic in [LowPrecisionCase.Arithmetic.bf16, .int8] {
          let (found, plain) = (changed.computed(arithmetic), product.computed(arithmetic))
          for row in 0..<8 where row != 3 {
            let range = row * 66..<(row + 1) * 66
            let isSame = found[range] == plain[range]
            #expect(isSame, "\(level) \(arithmetic)")
          }
          let row = found[3 * 66..<4 * 66]
          let finite = row.count(where: \.isFinite), numbers = row.count { !$0.isNaN }
          #expect(finite == 0, "\(level) \(arithmetic)")
          if bad.isNaN { #expect(numbers == 0, "\(level) \(arithmetic)") }
        }
      }
      product.activation = KERNEL_RELU
      product.x[0] = .nan
      for arithmetic in [LowPrecisionCase.Arithmetic.bf16, .int8] {
        let row = product.computed(arithmetic)[0..<66]
        #expect(row.count(where: \.isNaN) == 66, "\(arithmetic)")
      }
    }
  }

  @Test func rowsWithoutARangeAndOfEveryMagnitude() {
    var product = LowPrecisionCase(5, 8, 2)
    let rows: [Float] = [3.25, 0, 1e30, .leastNonzeroMagnitude, -7]
    product.x = rows.flatMap { [Float](repeating: $0, count: 8) }
    for place in 0..<8 where place % 2 == 1 { product.x[2 * 8 + place] = -1e30 }
    product.weights = [Float](repeating: 0.125, count: 8) + [Float](repeating: 0, count: 8)
    forEveryDotProduct { level in
      let found = product.computed(.int8)
      let expected: [Float] = [3.25, 0, 0, 0, -7]
      for row in 0..<5 {
        // A column's step has 16 bits.
        let allowed = row == 2 ? 1e28 : abs(expected[row]) * 0x1p-15 + 1e-30
        #expect(abs(found[2 * row] - expected[row]) <= allowed, "\(level): row \(row)")
        #expect(found[2 * row + 1] == 0, "\(level): row \(row)")
      }
    }
  }

  @Test(arguments: [LowPrecisionCase.Arithmetic.bf16, .int8]) func bitsDoNotDependOnTheCut(
    _ arithmetic: LowPrecisionCase.Arithmetic
  ) {
    atOneKernelLevel {
      var product = LowPrecisionCase(50, 66, 130)
      let whole = product.computed(arithmetic)
      for (segments, pieces) in [(0, 7), (3, 2), (1, 1)] {
        product.segments = segments
        let isSame = product.computed(arithmetic, pieces: pieces) == whole
        #expect(isSame, "\(pieces) pieces of rows, gathered of \(segments)")
      }
    }
  }

  @Test func theLastStepAddsAndActivates() {
    let activations: [(kernel: Int, apply: (Tensor) -> Tensor)] = [
      (KERNEL_NONE, { $0 }), (KERNEL_RELU, { $0.relu() }),
      (KERNEL_RELU6, { $0.relu6() }), (KERNEL_GELU, { $0.gelu() }),
      (KERNEL_GELU_TANH, { $0.gelu(.tanh) }),
      (KERNEL_SILU, { $0 * $0.sigmoid() }),
    ]
    for columns in [64, 70] {
      var product = LowPrecisionCase(9, 12, columns)
      forEveryDotProduct { level in
        for arithmetic in [LowPrecisionCase.Arithmetic.bf16, .int8] {
          product.shift = nil
          product.residual = nil
          product.activation = KERNEL_NONE
          var sum = Tensor(product.computed(arithmetic))
          let key = RandomKey(seed: 5)
          let residual = Tensor.uniform([9 * columns], in: -4..<9, key: key)
          let shift = Tensor.uniform([columns], in: -1..<1, key: key.folding("shift"))
          product.residual = residual.elements
          sum = sum + residual
          expectClose(Tensor(product.computed(arithmetic)), sum, "\(level) residual")
          product.shift = shift.elements
          sum = (sum.reshaped([9, columns]) + shift.reshaped([1, columns]))
            .reshaped([9 * columns])
          for (number, apply) in activations {
            product.activation = number
            expectClose(
              Tensor(product.computed(arithmetic)), apply(sum), absolute: 4e-6,
              "\(level) \(arithmetic) activation \(number)")
          }
        }
      }
    }
  }
}
