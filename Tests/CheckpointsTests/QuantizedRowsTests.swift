import Checkpoints
import Foundation
import Support
import Tensors
import Testing

/// Weights stored in 8 bits with a scale for each row.
@Suite struct QuantizedRowsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(
    _ tensors: [(name: String, tensor: Tensor)], _ quantized: Set<String>
  ) throws -> SafetensorsFile {
    let path = folder.path("m.safetensors")
    try writeSafetensors(tensors, elementType: .int8, quantized: quantized, to: path)
    return try SafetensorsFile(contentsOf: path)
  }

  @Test func theNamedWeightsTakeABytePerNumber() throws {
    let weight = Tensor([127, -63.4, 0.6, 0.5, 0.26, -0.125, 0, 0, 0], shape: [3, 3])
    let file = try written([("a.bias", Tensor([1, 2])), ("a.weight", weight)], ["a.weight"])
    #expect(
      file.entries.map { "\($0.name) \($0.type.rawValue) \($0.shape)" } == [
        "a.bias F32 [2]", "a.weight_scale F32 [3]", "a.weight I8 [3, 3]",
      ])
    #expect(try file.integers("a.weight") == [127, -63, 1, 127, 66, -32, 0, 0, 0])
    expectClose(
      try file.tensor("a.weight_scale"), Tensor([1, 0.5 / 127, 0]), absolute: 0, relative: 0x1p-15)
    #expect(file.hasQuantizedRows)
    let read = try file.tensors()
    #expect(Set(read.keys) == ["a.bias", "a.weight"])
    expectClose(
      try #require(read["a.weight"]),
      Tensor([127, -63, 1, 0.5, 66 * 0.5 / 127, -32 * 0.5 / 127, 0, 0, 0], shape: [3, 3]),
      relative: 0x1p-15)
  }

  @Test func largeTablesTakeTwoBytesPerNumber() throws {
    let table = Tensor.normal([1024, 1024], key: RandomKey(seed: 1))
    let file = try written(
      [("table", table), ("bias", Tensor([1, 2])), ("weight", .ones([2, 2]))], ["weight"])
    #expect(
      file.entries.map { "\($0.name) \($0.type.rawValue)" } == [
        "bias F32", "weight_scale F32", "table BF16", "weight I8",
      ])
    expectClose(try file.tensor("table"), table, relative: 0x1p-8)
  }

  @Test func quantisingAgainChangesNoNumber() throws {
    let weight = Tensor.normal([40, 3, 5, 5], key: RandomKey(seed: 3))
    let first = try written([("w", weight)], ["w"])
    let numbers = try first.integers("w")
    let read = try first.tensors()
    let second = try written([("w", try #require(read["w"]))], ["w"])
    let isSame = try second.integers("w") == numbers
    #expect(isSame)
    #expect(try second.tensors()["w"]?.elements == read["w"]?.elements)
    // Off by half a step at most.
    for row in 0..<40 {
      let own = weight.elements[row * 75..<(row + 1) * 75]
      let found = try #require(read["w"]).elements[row * 75..<(row + 1) * 75]
      let step = own.map(abs).max()! / 127
      let worst = zip(own, found).map { abs($0 - $1) }.max()!
      #expect(worst <= step * 0.5001)
    }
  }

  @Test func filesWithoutScalesAreReadAsTheyAre() throws {
    let file = try SafetensorsFile(contentsOf: Golden.path("Checkpoints/types.safetensors"))
    #expect(!file.hasQuantizedRows)
    #expect(try file.tensors().count == file.entries.count)
  }

  @Test(arguments: [[2], [3, 1], []]) func aScaleForEachRowIsExpected(_ shape: [Int]) throws {
    let header =
      #"{"w":{"dtype":"I8","shape":[3,4],"data_offsets":[0,12]},"w_scale":{"dtype":"F32","#
      + #""shape":\#(shape),"data_offsets":[12,\#(12 + 4 * shape.reduce(1, *))]}}"#
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    bytes += Array(header.utf8) + [UInt8](repeating: 0, count: 12 + 4 * shape.reduce(1, *))
    let path = try folder.file("m.safetensors", bytes)
    let error = #expect(throws: CheckpointError.self) { try openCheckpoint(path).tensors() }
    #expect(
      error
        == .wrongShape(file: path, entry: "w_scale", expected: [3], found: shape))
  }
}
