import Support
import Testing

@testable import Tensors

@Suite struct WinogradTests {
  /// Picture and outputs: whole tiles and cut ones, few tiles and many, batches, odd panels.
  private static let cases: [(x: Shape, outputs: Int)] = [
    ([1, 16, 12, 32], 32), ([1, 15, 21, 64], 80), ([3, 9, 10, 48], 96), ([2, 50, 67, 32], 64),
    ([1, 13, 100, 144], 32), ([1, 7, 9, 512], 512),
  ]

  private static func parameters(_ x: Shape, _ outputs: Int) -> [Parameter] {
    let spread = 1 / Float(9 * x[3]).squareRoot()
    return [
      Parameter("x", normal(x, 1)),
      Parameter("weight", normal([outputs, x[3], 3, 3], 2) * spread),
      Parameter("scale", normal([outputs], 3)), Parameter("shift", normal([outputs], 4)),
      Parameter("residual", normal([x[0], x[1], x[2], outputs], 5)),
    ]
  }

  private static func run(_ p: [Parameter], _ activation: Activation) -> Tensor {
    convolution2d(
      p[0].tensor, weight: p[1].tensor, scale: p[2].tensor, shift: p[3].tensor,
      residual: p[4].tensor, activation: activation, padding: 1)
  }

  @Test(arguments: cases) func itEqualsTheDirectProduct(x: Shape, outputs: Int) {
    let parameters = Self.parameters(x, outputs)
    forEveryKernelLevel { level in
      for activation in [Activation.none, .relu, .relu6] {
        let results = [true, false].map { isEnabled in
          Winograd.$isEnabled.withValue(isEnabled) { Self.run(parameters, activation) }
        }
        expectClose(results[0], results[1], absolute: 1e-4, relative: 1e-4, level)
        #expect(results[0].elements != results[1].elements)
      }
    }
  }

  @Test(arguments: cases) func itsGradientsEqualTheDirectProducts(x: Shape, outputs: Int) {
    let parameters = Self.parameters(x, outputs)
    let factors = normal([x[0], x[1], x[2], outputs], 6)
    let gradients = [true, false].map { isEnabled in
      Winograd.$isEnabled.withValue(isEnabled) {
        withGradients { (Self.run(parameters, .none) * factors).sum() }.gradients
      }
    }
    for parameter in parameters {
      let expected = gradients[1][parameter]!
      let largest = expected.elements.reduce(0) { max($0, abs($1)) }
      expectClose(
        gradients[0][parameter]!, expected, absolute: 1e-5 * largest, relative: 1e-4,
        parameter.name)
    }
  }

  @Test(arguments: cases) func bitsDoNotDependOnTheThreads(x: Shape, outputs: Int) {
    let parameters = Self.parameters(x, outputs)
    expectSameBits { Self.run(parameters, .relu) }
  }

  @Test func theShapeAloneDecides() {
    func plan(
      _ x: Shape = [1, 20, 20, 64], _ weight: Shape = [64, 64, 3, 3], stride: Int = 1,
      dilation: Int = 1
    ) -> ConvolutionPlan {
      ConvolutionPlan(
        x, weight: weight,
        ConvolutionGeometry(stride: stride, padding: 1, dilation: dilation, groups: 1))
    }
    Winograd.$isEnabled.withValue(true) {
      #expect(plan().usesWinograd && plan([4, 8, 8, 64]).usesWinograd)
      #expect(plan().winogradSide == 4)
      #expect(plan([1, 7, 7, 512], [512, 512, 3, 3]).usesWinograd)
      #expect(plan([1, 7, 7, 512], [512, 512, 3, 3]).winogradSide == 2)
      #expect(!plan([1, 7, 7, 64]).usesWinograd && !plan(stride: 2).usesWinograd)
      #expect(!plan(dilation: 2).usesWinograd)
      #expect(!plan([1, 20, 20, 64], [64, 64, 5, 5]).usesWinograd)
      #expect(!plan([1, 20, 20, 60], [64, 60, 3, 3]).usesWinograd)
    }
    Winograd.$isEnabled.withValue(false) { #expect(!plan().usesWinograd) }
  }
}
