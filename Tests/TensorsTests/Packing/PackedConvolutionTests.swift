import Support
import Testing

@testable import Tensors

@Suite struct PackedConvolutionTests {
  /// Picture, weights, stride, padding, dilation, groups: every way in which a convolution is run.
  private static let cases: [(Shape, Shape, Int, Padding, Int, Int)] = [
    ([2, 9, 7, 20], [70, 20, 1, 1], 1, 0, 1, 1), ([2, 9, 8, 40], [24, 40, 1, 1], 2, 0, 1, 1),
    ([1, 37, 50, 3], [16, 3, 7, 7], 2, 3, 1, 1), ([2, 8, 12, 3], [130, 3, 4, 4], 4, 0, 1, 1),
    ([1, 20, 30, 64], [64, 64, 3, 3], 1, 1, 1, 1),
    ([2, 11, 12, 40], [24, 40, 3, 3], 2, .same, 1, 1),
    ([1, 9, 8, 36], [12, 36, 3, 3], 1, 2, 2, 1), ([1, 6, 5, 12], [10, 6, 3, 3], 1, 1, 1, 2),
    ([2, 9, 11, 40], [40, 1, 5, 5], 2, .same, 1, 40), ([1, 8, 9, 3], [6, 1, 3, 3], 1, 2, 2, 3),
    ([1, 4, 4, 5], [7, 5, 1, 1], 1, 1, 1, 1), ([1, 4, 4, 5], [7, 5, 3, 3], 1, 3, 1, 1),
  ]

  @Test(arguments: cases)
  func itHasTheBitsOfTheOperationOnWeights(
    x: Shape, weight: Shape, stride: Int, padding: Padding, dilation: Int, groups: Int
  ) {
    let (input, kernel) = (normal(x, 1), normal(weight, 2))
    let (scale, shift) = (normal([weight[0]], 3), normal([weight[0]], 4))
    atOneKernelLevel {
      let expected = convolution2d(
        input, weight: kernel, scale: scale, shift: shift, activation: .relu, stride: stride,
        padding: padding, dilation: dilation, groups: groups)
      let packed = PackedConvolution(
        weight: kernel, scale: scale, shift: shift, stride: stride, padding: padding,
        dilation: dilation, groups: groups)
      for _ in 0..<2 {
        let found = convolution2d(input, packed, activation: .relu)
        #expect(found.shape == expected.shape)
        #expect(found.elements.map(\.bitPattern) == expected.elements.map(\.bitPattern))
      }
    }
  }

  @Test(arguments: cases)
  func theGradientsAreTheDerivatives(
    x: Shape, weight: Shape, stride: Int, padding: Padding, dilation: Int, groups: Int
  ) {
    checkGradient(of: [normal(x, 1), normal(weight, 2) * 0.1], tolerance: 2e-3, samples: 6) {
      convolution2d(
        $0[0], weight: $0[1], stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
  }

  @Test func oneIsGoodForPicturesOfAllExtents() {
    let weight = normal([64, 32, 3, 3])
    let packed = PackedConvolution(weight: weight, padding: 1)
    for side in [3, 16, 5, 40] {
      let x = normal([1, side, side, 32], UInt64(side))
      atOneKernelLevel {
        expectClose(convolution2d(x, packed), convolution2d(x, weight: weight, padding: 1))
      }
    }
  }
}
