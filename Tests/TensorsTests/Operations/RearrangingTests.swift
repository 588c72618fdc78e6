import Support
import Tensors
import Testing

@Suite struct RearrangingTests {
  @Test func `rearrangements equal PyTorch`() throws {
    try expectGolden("transposed") { $0[0].transposed([3, 0, 2, 1]) }
    try expectGolden("heads") { $0[0].transposed([0, 2, 1, 3]) }
    try expectGolden("channels") { $0[0].transposed([0, 2, 3, -3]) }
    try expectGolden("sliced") { $0[0].sliced(axis: 1, range: 1..<4) }
    try expectGolden("concatenated") { concatenated($0, axis: -2) }
    try expectGolden("stacked") { stacked($0, axis: -1) }
    try expectGolden("embedding") {
      embedding($0[0], indices: [4, 0, 4, 1, 1, 1], shape: [2, 3])
    }
  }

  @Test func `every order of four axes`() {
    let x = normal([2, 3, 1, 37])
    for a in 0..<4 {
      for b in 0..<4 where b != a {
        for c in 0..<4 where c != a && c != b {
          let order = [a, b, c, 6 - a - b - c]
          let y = x.transposed(order)
          var index = [0, 0, 0, 0]
          for position in 0..<x.count {
            var rest = position
            for axis in (0..<4).reversed() {
              index[axis] = rest % x.shape[axis]
              rest /= x.shape[axis]
            }
            let found = y[index[order[0]], index[order[1]], index[order[2]], index[order[3]]]
            #expect(found == x.elements[position])
          }
        }
      }
    }
  }

  @Test func `reshaping shares the storage and infers an axis`() {
    let x = normal([2, 6])
    #expect(x.reshaped([3, -1]).shape == [3, 4])
    #expect(x.reshaped([3, -1]).elements == x.elements)
    #expect(Tensor(2).reshaped([1, 1]).shape == [1, 1])
  }

  @Test func `a slice of the first axis lies in place and is still a value of its own`() {
    let whole = normal([4, 3])
    var part = whole.sliced(axis: 0, range: 1..<3)
    let distance = whole.withPointer { whole in part.withPointer { $0 - whole } }
    #expect(distance == 3)
    part.withMutablePointer { $0[0] = 100 }
    #expect(part[0, 0] == 100 && whole[1, 0] != 100)
    checkGradient(of: [whole]) { x in
      matmul(
        x[0].sliced(axis: 0, range: 1..<3), x[0].sliced(axis: 0, range: 0..<1),
        transposingSecond: true)
    }
  }

  @Test func `empty pieces`() {
    #expect(Tensor.zeros([2, 3]).sliced(axis: 1, range: 1..<1).shape == [2, 0])
    #expect(concatenated([.zeros([0, 3]), .ones([1, 3])], axis: 0).elements == [1, 1, 1])
    #expect(Tensor.zeros([0, 3]).transposed([1, 0]).shape == [3, 0])
    #expect(Tensor.zeros([4, 3]).gathered(rows: []).shape == [0, 3])
  }
}
