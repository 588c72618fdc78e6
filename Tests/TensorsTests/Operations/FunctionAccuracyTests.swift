import CKernels
import Foundation
import Support
import Tensors
import Testing

/// The polynomials of the kernels against the library's functions in double.
@Suite struct FunctionAccuracyTests {
  /// The greatest error relative to the exact value over a dense sweep of `range`.
  private func worst(
    over range: ClosedRange<Double>, _ found: (Tensor) -> Tensor, _ exact: (Double) -> Double
  ) -> Double {
    let count = 40_000
    let points = (0...count).map {
      Float(range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count))
    }
    let values = found(Tensor(points)).elements
    return zip(points, values).map { point, value in
      let expected = exact(Double(point))
      if Double(value) == expected { return 0 }
      return abs(Double(value) - expected) / max(abs(expected), Double(Float.leastNormalMagnitude))
    }.max()!
  }

  @Test func functionsStayWithinTwoTenMillionths() {
    forEveryKernelLevel { level in
      let limit = 2e-7
      #expect(worst(over: -87...88, { $0.exponential() }, { exp($0) }) < limit, "\(level)")
      #expect(worst(over: -1...1, { $0.exponential() }, { exp($0) }) < limit, "\(level)")
      #expect(worst(over: 1e-30...1e30, { $0.logarithm() }, { log($0) }) < limit, "\(level)")
      #expect(worst(over: 1e-6...4, { $0.logarithm() }, { log($0) }) < limit, "\(level)")
      #expect(worst(over: 0.99...1.01, { $0.logarithm() }, { log($0) }) < limit, "\(level)")
      #expect(worst(over: -12...12, { $0.tanh() }, { Foundation.tanh($0) }) < limit, "\(level)")
      #expect(worst(over: -0.7...0.7, { $0.tanh() }, { Foundation.tanh($0) }) < limit, "\(level)")
      #expect(worst(over: -20...80, { $0.sigmoid() }, { 1 / (1 + exp(-$0)) }) < limit, "\(level)")
      // Where it is positive, twice the unit divided by its argument is 1 + erf.
      #expect(
        worst(over: 0.001...8, { $0.gelu() }, { $0 / 2 * (1 + erf($0 / 2.0.squareRoot())) })
          < limit, "\(level)")
    }
  }

  @Test func edges() {
    forEveryKernelLevel { _ in
      let nan = Float.nan
      let x = Tensor(
        [-.infinity, -1000, -104, 0, 89, .infinity, nan] + Array(repeating: 0, count: 20))
      let exponential = x.exponential().elements
      #expect(Array(exponential[0..<6]) == [0, 0, 0, 1, .infinity, .infinity])
      #expect(exponential[6].isNaN && exponential[7...].allSatisfy { $0 == 1 })
      let smallest = Tensor([-100]).exponential().scalar
      #expect(smallest > 0 && smallest < 0x1p-143)
      let tanh = x.tanh().elements
      #expect(Array(tanh[0..<6]) == [-1, -1, -1, 0, 1, 1] && tanh[6].isNaN)
      let sigmoid = x.sigmoid().elements
      #expect(Array(sigmoid[0..<6]) == [0, 0, 0, 0.5, 1, 1] && sigmoid[6].isNaN)
      let logarithm = Tensor([0, -0.0, -1, .infinity, nan, 1, 0x1p-140]).logarithm().elements
      #expect(logarithm[0] == -.infinity && logarithm[1] == -.infinity && logarithm[2].isNaN)
      #expect(logarithm[3] == .infinity && logarithm[4].isNaN && logarithm[5] == 0)
      expectClose(logarithm[6], Float(log(0x1p-140)))
      #expect(Tensor([-1]).squareRoot().scalar.isNaN)
      #expect(Tensor(nan).clamped(to: 0...1).scalar.isNaN)
      #expect(Tensor([nan, 1]).relu6().elements[0].isNaN)
    }
  }
}
