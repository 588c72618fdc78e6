import CKernels
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

  /// In 32-bit floats sums of more than a block of positions are left in the result meanwhile.
  @Test(arguments: [(64, Precision.f32), (1600, .f32), (64, .bf16), (1600, .int8)])
  func aResidualThatIsGivenAwayBecomesTheResult(inputs: Int, precision: Precision) {
    let x = normal([1, 6, 5, inputs], 1)
    let packed = PackedConvolution(
      weight: normal([70, inputs, 1, 1], 2) * 0.1, precision: precision)
    atOneKernelLevel {
      let kept = normal([1, 6, 5, 70], 3)
      let before = kept.elements
      let expected = convolution2d(x, packed, residual: kept, activation: .relu)
      #expect(kept.elements == before)
      var given = normal([1, 6, 5, 70], 3)
      let place = given.storageToOverwrite()?.pointer
      let found = convolution2d(x, packed, residual: consume given, activation: .relu)
      #expect(found.elements.map(\.bitPattern) == expected.elements.map(\.bitPattern))
      let overwrites = precision != .f32 || inputs <= kernel_product_depth()
      #expect((found.storage.pointer == place) == overwrites)
    }
  }

  @Test func aResidualThatSomebodyElseHoldsStays() {
    let packed = PackedConvolution(weight: normal([8, 4, 1, 1], 2))
    let given = normal([1, 3, 3, 8], 3)
    let held = given
    let before = held.elements
    _ = convolution2d(normal([1, 3, 3, 4], 1), packed, residual: consume given)
    #expect(held.elements == before)
  }

  /// Picture, weights, stride, padding of the convolution; window, stride, padding of the pooling.
  @Test(
    arguments: [
      ([2, 37, 50, 3], [16, 3, 7, 7], 2, 3, 3, 2, 1),
      ([1, 151, 22, 3], [64, 3, 7, 7], 2, 3, 3, 2, 1),
      ([1, 64, 64, 3], [70, 3, 4, 4], 4, 0, 2, 2, 0),
      ([1, 60, 17, 1], [8, 1, 3, 3], 1, 1, 2, 3, 0),
      ([1, 90, 9, 2], [5, 2, 3, 3], 1, 1, 5, 1, 2), ([1, 7, 7, 3], [4, 3, 7, 7], 2, 3, 3, 2, 1),
      ([1, 20, 12, 40], [24, 40, 3, 3], 2, 1, 3, 2, 1),
    ] as [(Shape, Shape, Int, Int, Int, Int, Int)])
  func poolingOnTheWayHasTheBitsOfPoolingAfterwards(
    x: Shape, weight: Shape, stride: Int, padding: Int, window: Int, step: Int, border: Int
  ) {
    let input = normal(x, 1)
    for precision in Precision.allCases {
      let packed = PackedConvolution(
        weight: normal(weight, 2), shift: normal([weight[0]], 3), stride: stride,
        padding: .each(padding), precision: precision)
      atOneKernelLevel {
        let expected = convolution2d(input, packed, activation: .relu)
          .maxPool2d(kernel: window, stride: step, padding: border)
        let found = maxPooledConvolution2d(
          input, packed, activation: .relu, window: window, stride: step, padding: border)
        #expect(found.shape == expected.shape)
        #expect(found.elements.map(\.bitPattern) == expected.elements.map(\.bitPattern))
      }
    }
  }
}
