import Foundation
import Inputs
import Tensors
import Testing

@testable import Training

/// Features are computed once, whatever happens to the program in between.
struct FeatureStoreTests {
  private let folder = TemporaryFolder()
  private let map = Tensor.normal([1, 2, 3, 5], key: RandomKey(seed: 4))
  private let size = ImageSize(width: 31, height: 17)

  private func store(_ fingerprint: String = "one") throws -> FeatureStore {
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    return try FeatureStore(
      path: folder.path + "/maps", shape: map.shape, slots: 4, fingerprint: fingerprint)
  }

  private struct Unexpected: Error {}

  @Test func aMapIsMadeOnceAndRounded() throws {
    let store = try store()
    let made = try store.map(2) { (map, size) }
    let read = try store.map(2) { throw Unexpected() }
    #expect(made.map.elements == read.map.elements && read.picture == size)
    for (exact, kept) in zip(map.elements, read.map.elements) {
      #expect(abs(exact - kept) <= abs(exact) / 256)
      #expect(kept.bitPattern & 0xFFFF == 0)
    }
    #expect(throws: Unexpected.self) { try store.map(3) { throw Unexpected() } }
  }

  @Test func whatWasFlushedIsThereAgain() throws {
    var first: FeatureStore? = try store()
    let made = try first!.map(1) { (map, size) }
    try first!.flush()
    _ = try first!.map(0) { (map, size) }
    first = nil
    let second = try store()
    #expect(try second.map(1) { throw Unexpected() }.map.elements == made.map.elements)
    // Written, but perhaps not whole on the disk: it is made again.
    #expect(throws: Unexpected.self) { try second.map(0) { throw Unexpected() } }
  }

  @Test func anotherFingerprintBeginsAnew() throws {
    let first = try store()
    _ = try first.map(1) { (map, size) }
    try first.flush()
    let second = try store("two")
    #expect(throws: Unexpected.self) { try second.map(1) { throw Unexpected() } }
  }
}
