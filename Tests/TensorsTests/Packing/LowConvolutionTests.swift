import Support
import Tensors
import Testing

/// Convolutions that are computed as products in a lower precision.
@Suite struct LowConvolutionTests {
  /// Kernel, stride, padding, dilation, input and output channels.
  private static let shapes = [
    (1, 1, 0, 1, 40, 70), (1, 2, 0, 1, 33, 64), (3, 2, 1, 1, 36, 65), (7, 2, 3, 1, 3, 64),
    (3, 1, 2, 2, 34, 16), (4, 4, 0, 1, 3, 24), (3, 1, 1, 1, 32, 64),
  ]

  @Test(arguments: shapes) func theErrorIsThatOfTheRounding(
    _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int, _ inputs: Int, _ outputs: Int
  ) {
    let key = RandomKey(seed: 5)
    let x = Tensor.uniform([2, 17, 14, inputs], in: -0.5..<2, key: key.folding("x"))
    let weight = Tensor.normal([outputs, inputs, kernel, kernel], key: key.folding("weight"))
    let scale = Tensor.uniform([outputs], in: -2..<2, key: key.folding("scale"))
    let shift = Tensor.normal([outputs], key: key.folding("shift"))
    func convolved(_ precision: Precision) -> Tensor {
      let packed = PackedConvolution(
        weight: weight, scale: scale, shift: shift, stride: stride, padding: .each(padding),
        dilation: dilation, precision: precision)
      return convolution2d(x, packed)
    }
    forEveryDotProduct { level in
      let expected = convolved(.f32)
      let residual = Tensor.normal(expected.shape, key: key.folding("residual"))
      for (precision, limit) in [(Precision.bf16, Float(0.005)), (.int8, 0.02)] {
        let found = convolved(precision)
        let difference = found - expected
        let error =
          ((difference * difference).sum().scalar / (expected * expected).sum().scalar)
          .squareRoot()
        #expect(error < limit && error > limit / 20, "\(level) \(precision): \(error)")
        let packed = PackedConvolution(
          weight: weight, scale: scale, shift: shift, stride: stride, padding: .each(padding),
          dilation: dilation, precision: precision)
        expectClose(
          convolution2d(x, packed, residual: residual, activation: .relu),
          (found + residual).relu(), absolute: 1e-4, "\(level) \(precision)")
      }
    }
  }
}
