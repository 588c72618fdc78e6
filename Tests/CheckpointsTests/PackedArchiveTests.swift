import Checkpoints
import Foundation
import Support
import Testing

/// Weights in tar archives, compressed and not.
@Suite struct PackedArchiveTests {
  static let weights = PickleWriter.archive(
    PickleWriter.dictionary([("a", PickleWriter.tensor())]))

  static func tar(_ members: [[UInt8]]) -> [UInt8] { members.joined() + TarWriter.end }

  static let whole = tar([
    TarWriter.member("d/", type: "5"), TarWriter.member("d/config.yaml", Array("a: 1\n".utf8)),
    TarWriter.member("d/link", type: "2", size: 4096), TarWriter.member("d/model.pth", weights),
  ])

  @Test func theWeightsAndTheTextsAreFound() throws {
    for bytes in [Self.whole, TarWriter.gzip(Self.whole)] {
      try withFile(bytes: bytes) { path in
        let archive = try openCheckpoint(path)
        #expect(archive.path == path && archive.entries.map(\.name) == ["a"])
        #expect(try archive.tensor("a").elements == [0, 0, 0, 0, 0, 0])
        #expect(archive.metadata == ["d/config.yaml": "a: 1\n"])
        #expect(throws: CheckpointError.self) { try archive.integers("a") }
      }
    }
  }

  @Test func largeWeightsGoThroughAFileWithoutAName() throws {
    let count = 600_000
    let header =
      "{\"x\":{\"dtype\":\"F32\",\"shape\":[\(count)],\"data_offsets\":[0,\(count * 4)]}}"
    var data = little(UInt64(header.utf8.count)) + Array(header.utf8)
    data += [UInt8](repeating: 0x3F, count: count * 4)
    try withFile(bytes: Self.tar([TarWriter.member("x", data)])) { path in
      let archive = try openCheckpoint(path)
      unlink(path)
      #expect(archive.format == "safetensors in a tar archive")
      let tensor = try archive.tensor("x")
      #expect(
        tensor.count == count && tensor.elements.allSatisfy { $0 == Float(bitPattern: 0x3F3F_3F3F) }
      )
    }
  }

  @Test func nothingIsWrittenUnderANameOfTheArchive() throws {
    let escaped = FileManager.default.temporaryDirectory
      .appendingPathComponent("unit-escaped-\(UUID().uuidString).pth").path
    let name = String(repeating: "../", count: 20) + escaped.dropFirst()
    try withFile(bytes: Self.tar([TarWriter.member(name, Self.weights)])) { path in
      let archive = try openCheckpoint(path)
      #expect(archive.entries.count == 1)
      #expect(!FileManager.default.fileExists(atPath: escaped))
    }
  }

  static let refused: [([UInt8], String)] = [
    (tar([TarWriter.member("a", Array("text".utf8))]), "expected one file of weights, found none"),
    (
      tar([TarWriter.member("a", weights), TarWriter.member("b", weights)]),
      "expected one file of weights, found 'a', 'b'"
    ),
    (
      tar([TarWriter.member("p", Array("20 size=99999999999\n".utf8), type: "x")]),
      "expected members below 8 GiB"
    ),
    (tar([TarWriter.member("L", type: "L", size: 1 << 21)]), "a name of 2097152 bytes"),
    (Array(whole.dropLast(1024 + 300)), "the end of the archive; it is cut off"),
    (TarWriter.gzip(Array(whole.dropLast(1024 + 300))), "the end of the archive; it is cut off"),
    (TarWriter.gzip(whole).dropLast(), "found the end of the file; it is cut off"),
    (TarWriter.gzip(whole) + [1], "expected nothing after the compressed data, found 1 bytes"),
    (
      TarWriter.gzip(whole).dropLast(5) + [0, 0, 0, 0, 0],
      "is not a valid gzip file: expected compressed data, found incorrect data check"
    ),
    ([0x1F, 0x8B, 7, 0, 0, 0, 0, 0, 0, 0], "unknown compression method"),
    (TarWriter.gzip(Array("no archive".utf8)), "expected the header of a member with its checksum"),
  ]

  @Test(arguments: refused) func isRefused(_ bytes: [UInt8], _ words: String) throws {
    let refusal = try refusal(bytes, name: "model.tar.gz")
    #expect(refusal.contains(words), "\(refusal)")
  }

  @Test func theNumberOfMembersIsLimited() throws {
    let member = TarWriter.member("x")
    let many = [[UInt8]](repeating: member, count: 1_001)
    #expect(
      try refusal(Self.tar(many)).contains("more members, the limit is 1000 members"))
  }

  @Test func aChangedHeaderIsRefused() throws {
    var bytes = Self.whole
    bytes[124] = 0x37
    #expect(try refusal(bytes).contains("the header of a member with its checksum"))
  }

  /// A file of under 2 MB that would become 270 MB of zeros.
  @Test func aBombIsStoppedAtItsBound() throws {
    let header = TarWriter.member("zeros", size: 1 << 32)
    let bomb = TarWriter.bomb(header, runs: 1_050_000)
    #expect(bomb.count < 2_000_000)
    #expect(
      try refusal(bomb).contains("has more than 268435456 bytes inside, the limit is 268435456"))
  }
}
