import Layers
import Support
import Testing

@testable import Tensors

struct PackedMatrixTests {
  private static let key = RandomKey(seed: 7)

  private static func random(_ shape: Shape, _ name: String) -> Tensor {
    let key = key.folding(name)
    return Tensor((0..<shape.elementCount).map { key.normal(at: UInt64($0)) }, shape: shape)
  }

  /// Rows, inner extent and columns around the sides of tiles, panels and blocks.
  private static let extents = [
    (1, 1, 1), (6, 64, 64), (7, 3, 65), (5, 130, 16), (13, 33, 91), (2, 1537, 4), (7, 3100, 66),
    (100, 32, 100),
  ]

  @Test func productsEqualTheirMathematics() {
    forEveryKernelLevel { level in
      for (rows, inner, columns) in Self.extents {
        let x = Self.random([rows, inner], "x")
        let weight = Self.random([columns, inner], "weight")
        let shift = Self.random([columns], "shift")
        let residual = Self.random([rows, columns], "residual")
        let matrix = PackedMatrix(weight: weight, shift: shift)
        let y = product(x, matrix, residual: residual, activation: .relu).elements
        let (left, right) = (x.elements, weight.elements)
        for row in 0..<rows {
          for column in 0..<columns {
            var sum = Double(shift[column]) + Double(residual[row, column])
            var magnitude = abs(sum)
            for k in 0..<inner {
              let term = Double(left[row * inner + k]) * Double(right[column * inner + k])
              sum += term
              magnitude += abs(term)
            }
            let expected = max(sum, 0)
            #expect(
              abs(Double(y[row * columns + column]) - expected) <= 1e-6 * (1 + magnitude),
              "\(level) \(rows) x \(inner) x \(columns) at \(row), \(column)")
          }
        }
      }
    }
  }

  @Test(arguments: [Activation.none, .relu, .relu6, .gelu, .tanhGELU, .silu])
  func whatFollowsEqualsTheOperation(_ activation: Activation) {
    forEveryKernelLevel { level in
      let x = Self.random([9, 20], "x")
      let weight = Self.random([70, 20], "weight")
      let bias = Self.random([70], "bias")
      let expected = linear(x, weight: weight, bias: bias).activated(activation)
      let found = product(x, PackedMatrix(weight: weight, shift: bias), activation: activation)
      expectClose(found, expected, absolute: 1e-5, "\(level) \(activation)")
    }
  }

  @Test func someRowsOfAWeight() {
    let x = Self.random([4, 12], "x")
    let weight = Self.random([30, 12], "weight")
    let part = PackedMatrix(weight: weight, rows: 10..<20)
    let expected = linear(x, weight: weight.sliced(axis: 0, range: 10..<20))
    expectClose(product(x, part), expected, absolute: 1e-5)
  }

  @Test func bitsDoNotDependOnTheThreads() {
    atOneKernelLevel {
      let x = Self.random([301, 200], "x")
      let matrix = PackedMatrix(weight: Self.random([333, 200], "weight"))
      let before = Parallel.threads
      defer { Parallel.threads = before }
      let results = [1, 2, 3, 7].map { threads in
        Parallel.threads = threads
        return product(x, matrix).elements
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
  }

  @Test func notANumberStaysOne() {
    forEveryKernelLevel { level in
      var x = Tensor.ones([3, 8])
      x.withMutablePointer { $0[8] = .nan }
      for activation in [Activation.relu, .relu6, .gelu] {
        let y = product(x, PackedMatrix(weight: .ones([66, 8])), activation: activation)
        #expect((0..<66).allSatisfy { y[1, $0].isNaN && !y[0, $0].isNaN }, "\(level)")
      }
    }
  }

  @Test func nothingInNothingOut() {
    let matrix = PackedMatrix(weight: .ones([5, 4]))
    #expect(product(.zeros([0, 4]), matrix).shape == [0, 5])
  }
}

struct PreparedTests {
  @Test func itIsKeptFromTheSecondUseOfAValueOn() {
    let parameter = Parameter("p", Tensor([1, 2]))
    let prepared = Prepared<Float>()
    var made: [Bool] = []
    func form() -> Float? {
      prepared(parameter) {
        made.append($0)
        return parameter.value.elements.reduce(0, +)
      }
    }
    #expect(form() == 3 && made == [false])
    #expect(form() == 3 && form() == 3 && made == [false, true])
    parameter.value = Tensor([4, 5])
    #expect(form() == 9 && made == [false, true, false])
    #expect(form() == 9 && form() == 9 && made == [false, true, false, true])
    parameter.value.withMutablePointer { $0[0] = 0 }
    #expect(form() == 5 && made.count == 5)
    _ = withGradients {
      #expect(form() == nil)
      return parameter.tensor.sum()
    }
  }

  @Test func linearAnswersAlikeWithAndWithoutGradients() throws {
    let layer = try Linear(20, 33, in: ParameterSource(seed: 1).root["layer"])
    let x = Tensor((0..<100).map { Float($0 % 7) }, shape: [5, 20])
    var recorded: Tensor?
    _ = withGradients {
      recorded = layer(x, activation: .gelu).detached
      return layer(x).sum()
    }
    expectClose(layer(x, activation: .gelu), recorded!, absolute: 1e-5)
  }
}
