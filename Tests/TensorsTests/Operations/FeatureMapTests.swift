import CKernels
import Support
import Testing

@testable import Tensors

/// Convolutions whose inputs, residuals and results are rounded to bfloat16.
@Suite struct FeatureMapTests {
  /// The nearest bfloat16 of every number.
  private func rounded(_ x: Tensor) -> Tensor {
    Tensor(
      x.elements.map { number in
        var half: UInt16 = 0
        var wide: Float = 0
        kernel_round(1, [number], &half)
        kernel_widen(1, [half], &wide)
        return wide
      }, shape: x.shape)
  }

  private func map(_ x: Tensor) -> FeatureMap {
    let storage = Storage(count: FeatureMap.room(x.shape, isRounded: true))
    storage.pointer.withMemoryRebound(to: UInt16.self, capacity: x.count) { halves in
      x.withPointer { kernel_round(x.count, $0, halves) }
    }
    return FeatureMap(shape: x.shape, rounded: storage)
  }

  @Test func aNumberIsRoundedToTheNearestAndTiesToEven() {
    let numbers: [Float] = [1, 1.003_906_25, 1.011_718_75, -3.3e38, 0, 1.003_907]
    let expected: [Float] = [1, 1, 1.015_625, -3.296_485_4e38, 0, 1.007_812_5]
    #expect(rounded(Tensor(numbers)).elements == expected)
    #expect(rounded(Tensor([.nan]))[0].isNaN)
    let x = normal([2, 3, 5, 7])
    #expect(map(x).tensor.elements == rounded(x).elements)
  }

  /// Kernel, stride, padding, input and output channels, batch.
  @Test(arguments: [
    (1, 1, 0, 64, 256, 2), (1, 1, 0, 40, 70, 1), (1, 2, 0, 36, 64, 1), (3, 2, 1, 36, 130, 2),
    (1, 1, 0, 1024, 512, 1), (3, 1, 2, 33, 20, 1), (4, 4, 0, 4, 10, 1),
  ]) func aRoundedMapGivesTheBitsOfItsNumbers(
    kernel: Int, stride: Int, padding: Int, inputs: Int, outputs: Int, batch: Int
  ) {
    let x = rounded(normal([batch, 17, 14, inputs], 1))
    for precision in Precision.allCases {
      for activation in [Activation.none, .relu, .relu6] {
        let packed = PackedConvolution(
          weight: normal([outputs, inputs, kernel, kernel], 2) * 0.2,
          shift: normal([outputs], 3), stride: stride, padding: .each(padding),
          precision: precision)
        forEveryDotProduct { level in
          let plain = convolution2d(x, packed, activation: .none)
          let residual = rounded(normal(plain.shape, 4))
          let expected = convolution2d(x, packed, residual: residual, activation: activation)
          let wide = convolution2d(
            map(x), packed, residual: map(residual), activation: activation, rounds: false)
          let name = "\(level) \(precision) \(activation)"
          #expect(wide.tensor.elements == expected.elements, "\(name)")
          let narrow = convolution2d(
            map(x), packed, residual: FeatureMap(residual), activation: activation, rounds: true)
          #expect(narrow.isRounded == (precision != .f32), "\(name)")
          let nearest = narrow.isRounded ? rounded(wide.tensor) : wide.tensor
          #expect(narrow.tensor.elements == nearest.elements, "\(name)")
        }
      }
    }
  }

  @Test func aRoundedResidualThatIsGivenAwayBecomesTheResult() {
    let x = normal([1, 6, 5, 64], 1)
    let packed = PackedConvolution(weight: normal([64, 64, 1, 1], 2) * 0.1, precision: .bf16)
    let kept = map(normal([1, 6, 5, 64], 3))
    let before = kept.tensor.elements
    let expected = convolution2d(
      FeatureMap(x), packed, residual: kept, activation: .relu, rounds: true)
    #expect(kept.tensor.elements == before)
    var given = map(normal([1, 6, 5, 64], 3))
    let place = given.storageToOverwrite()?.pointer
    let found = convolution2d(
      FeatureMap(x), packed, residual: consume given, activation: .relu, rounds: true)
    #expect(found.pointer == place.map { UnsafePointer($0) })
    #expect(found.tensor.elements == expected.tensor.elements)
  }
}
