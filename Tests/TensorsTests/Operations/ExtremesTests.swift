import Support
import Tensors
import Testing

@Suite struct ExtremesTests {
  @Test func argmaxTakesTheFirstOfSeveral() {
    forEveryKernelLevel { _ in
      #expect(Tensor([1, 3, 3, 2, -1, -5, -1, -1], shape: [2, 4]).argmax() == [1, 0])
      #expect(Tensor(5).argmax() == [0])
      #expect(Tensor([], shape: [0, 3]).argmax() == [])
      #expect(Tensor([1, .nan, 7]).argmax() == [1])
      #expect(Tensor([-.infinity, -.infinity]).argmax() == [0])
      for length in [1, 15, 16, 17, 31, 33, 100] {
        for peak in 0..<length {
          var values = (0..<length).map { Float($0 * 7 % 13) }
          values[peak] = 99
          #expect(Tensor(values).argmax() == [peak])
          #expect(Tensor(values).maximum().scalar == 99)
          values[peak] = .nan
          #expect(Tensor(values).argmax() == [peak])
          #expect(Tensor(values).maximum().scalar.isNaN)
        }
      }
    }
  }

  @Test func maximumOverAxes() {
    let x = Tensor([1, 5, 3, 4, 2, 6], shape: [2, 3])
    #expect(x.maximum(axes: [0]).elements == [4, 5, 6])
    #expect(x.maximum(axes: [1], keepingAxes: true).shape == [2, 1])
    #expect(x.maximum().scalar == 6)
    checkGradient(of: [x], step: 0.01) { $0[0].maximum(axes: [0]) }
    let large = Tensor.uniform([500, 300], in: 0..<1, key: RandomKey(seed: 1))
    #expect(large.maximum().scalar == large.elements.max()!)
  }

  @Test func pairs() {
    let nan = Float.nan
    let a = Tensor([1, nan, 3, -.infinity])
    let b = Tensor([2, 2, nan, 0])
    #expect(maximum(a, b).elements[0] == 2 && maximum(a, b).elements[3] == 0)
    #expect(maximum(a, b).elements[1].isNaN && maximum(a, b).elements[2].isNaN)
    #expect(minimum(a, b).elements[0] == 1 && minimum(a, b).elements[3] == -.infinity)
    #expect(minimum(a, b).elements[1].isNaN && minimum(a, b).elements[2].isNaN)
  }
}
