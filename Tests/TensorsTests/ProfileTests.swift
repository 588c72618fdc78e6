import Tensors
import Testing

struct ProfileTests {
  private func counted(_ body: () -> Tensor) -> Int {
    let profile = Profile()
    _ = profile.recording(body)
    return profile.operations
  }

  @Test func operationsCountTheirMultiplyAdds() {
    let x = Tensor.zeros([2, 3, 4])
    #expect(counted { linear(x, weight: .zeros([5, 4]), bias: .zeros([5])) } == 2 * 3 * 4 * 5)
    #expect(counted { matmul(x, .zeros([2, 4, 7])) } == 2 * 3 * 4 * 7)
    #expect(counted { matmul(x, .zeros([4, 7])) } == 2 * 3 * 4 * 7)
    let matrix = PackedMatrix(weight: .zeros([5, 4]), shift: nil)
    #expect(counted { product(x, matrix) } == 2 * 3 * 4 * 5)
    let picture = Tensor.zeros([2, 8, 6, 4])
    #expect(
      counted { convolution2d(picture, weight: .zeros([8, 2, 3, 3]), padding: 1, groups: 2) }
        == 2 * 8 * 8 * 6 * 2 * 9)
    #expect(
      counted { attention(query: x, key: .zeros([2, 5, 4]), value: .zeros([2, 5, 4]), heads: 2) }
        == 2 * 3 * 5 * 8)
  }

  @Test func nothingIsCountedOutside() {
    let profile = Profile()
    _ = profile.recording { 0 }
    _ = linear(.zeros([2, 2]), weight: .zeros([2, 2]))
    #expect(profile.shares.isEmpty)
    #expect(stage(.head) { 7 } == 7)
  }

  @Test func stagesAreToldApart() {
    let profile = Profile()
    let product = { _ = linear(.zeros([1, 2]), weight: .zeros([3, 2])) }
    profile.recording {
      stage(.backbone) {
        product()
        stage(.text) {
          product()
          product()
        }
      }
      product()
      stage(.backbone, product)
    }
    #expect(
      Dictionary(uniqueKeysWithValues: profile.shares.map { ($0.stage?.rawValue, $0.operations) })
        == ["backbone": 12, "text": 12, nil: 6])
    #expect(profile.shares.allSatisfy { $0.duration >= .zero && $0.duration < .seconds(60) })
  }

  @Test func stagesEndWithAnError() {
    struct Broken: Error {}
    let profile = Profile()
    profile.recording {
      #expect(throws: Broken.self) { try stage(.head) { throw Broken() } }
      _ = linear(.zeros([1, 1]), weight: .zeros([1, 1]))
    }
    #expect(profile.shares.map(\.stage) == [.head, nil])
  }
}
