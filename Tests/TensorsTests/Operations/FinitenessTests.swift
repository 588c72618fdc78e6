import Support
import Tensors
import Testing

@Suite struct FinitenessTests {
  @Test func theFirstPositionIsFound() {
    forEveryKernelLevel { level in
      for count in [1, 7, 1024, 1025, 3_000_000] {
        for value in [Float.nan, .infinity, -.infinity, .signalingNaN] {
          for position in Set([0, count / 2, count - 1]) {
            var elements = [Float](repeating: 1, count: count)
            elements[position] = value
            elements[count - 1] = position == count - 1 ? value : -.nan
            let words = "\(value) at \(position) of \(count), \(level)"
            #expect(firstNotFinite([Tensor(elements)]) == [position], "\(words)")
          }
        }
      }
    }
  }

  @Test func everyFiniteNumberIsFinite() {
    let edge: [Float] = [
      0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
      .leastNormalMagnitude,
    ]
    let none = Tensor([Float](), shape: [0])
    forEveryKernelLevel { _ in
      #expect(firstNotFinite([Tensor(edge), none, .ones([5000])]) == [nil, nil, nil])
    }
    #expect(firstNotFinite([]).isEmpty)
  }

  @Test func everyTensorHasItsOwnPosition() {
    let bad = Tensor([1, 2, .nan])
    #expect(firstNotFinite([.ones([3]), bad, .ones([2_000_000]), bad]) == [nil, 2, nil, 2])
  }
}
