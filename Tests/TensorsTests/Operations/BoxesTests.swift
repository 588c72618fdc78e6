import Support
import Tensors
import Testing

@Suite struct BoxesTests {
  @Test func knownBoxes() {
    let centers = Tensor([0.5, 0.5, 1, 0.5], shape: [1, 4])
    #expect(cornersFromCenters(centers).elements == [0, 0.25, 1, 0.75])
    let unit = Tensor([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1], shape: [3, 4])
    let other = Tensor([0, 0, 1, 1, 0, 0, 1, 0.5, 1, 0, 2, 1], shape: [3, 4])
    #expect(generalizedIoU(unit, other).elements == [1, 0.5, 0])
    #expect(generalizedIoU(Tensor([], shape: [0, 4]), Tensor([], shape: [0, 4])).shape == [0])
  }

  @Test func gradients() {
    let centers = Tensor.uniform([12, 4], in: 0.2..<0.8, key: RandomKey(seed: 61))
    let others = Tensor.uniform([12, 4], in: 0.2..<0.8, key: RandomKey(seed: 62))
    checkGradient(of: [centers]) { cornersFromCenters($0[0]) }
    checkGradient(of: [centers, others], tolerance: 3e-3, step: 0x1p-11) {
      generalizedIoU(cornersFromCenters($0[0]), cornersFromCenters($0[1]))
    }
  }
}
