import Checkpoints
import Foundation
import Support
import Testing

/// Zip archives that are damaged, or made to harm.
@Suite struct HostileZipTests {
  static let pickle = PickleWriter.file(PickleWriter.dictionary([("a", PickleWriter.tensor())]))

  static func members(
    _ change: (inout ZipWriter.Member) -> Void = { _ in }, folder: String = "model"
  ) -> [ZipWriter.Member] {
    var data = ZipWriter.Member("\(folder)/data/0", PickleWriter.zeros(24))
    change(&data)
    return [.init("\(folder)/data.pkl", pickle), data]
  }

  static let archives: [(ZipWriter, String)] = [
    (
      ZipWriter(members: members { $0.method = 8 }),
      "expected 'model/data/0' stored as it is, found it compressed (method 8)"
    ),
    (ZipWriter(members: members { $0.flags = 1 }), "found it encrypted"),
    (
      ZipWriter(members: members { $0.localName = "model/data/1" }),
      "expected the name 'model/data/0' at byte"
    ),
    (ZipWriter(members: members { $0.start = 0 }), "expected the name 'model/data/0' at byte 0"),
    (ZipWriter(members: members { $0.start = 7 }), "expected a member at byte 7"),
    (ZipWriter(members: members { $0.start = .max }), "before the directory at byte"),
    (ZipWriter(members: members { $0.size = 25 }), "expected 25 bytes of 'model/data/0'"),
    (ZipWriter(members: members { $0.size = .max - 1 }), "expected 4294967294 bytes"),
    (
      ZipWriter(members: members() + [.init("model/data/0", [])]),
      "expected one member 'model/data/0', found two of this name"
    ),
    (
      ZipWriter(members: [.init("a/x", [1])] + members { $0.name = "model/x" }),
      "expected its storage '0' in the file, found none"
    ),
    (
      ZipWriter(members: [.init("x", [])]),
      "expected one member 'data.pkl' in one folder, found none"
    ),
    (ZipWriter(members: [.init("data.pkl", pickle)]), "in one folder, found none"),
    (ZipWriter(members: [.init("a/b/data.pkl", pickle)]), "in one folder, found none"),
    (
      ZipWriter(members: members() + members(folder: "other")),
      "expected one member 'data.pkl' in one folder, found 2"
    ),
    (
      ZipWriter(members: members() + [.init("model/byteorder", Array("big".utf8))]),
      "expected the byte order 'little', found 'big'"
    ),
    (ZipWriter(members: members(), count: 1), "expected 1 members in the directory, found"),
    (ZipWriter(members: members(), count: 3), "expected 4 more bytes at byte"),
    (
      ZipWriter(members: members(), hasLargeRecords: true, recordPlace: .max),
      "expected a length below 2^63"
    ),
    (
      ZipWriter(members: members(), hasLargeRecords: true, recordPlace: 1 << 40),
      "expected a zip64 end record at byte 1099511627776, found none"
    ),
    (
      ZipWriter(members: members(), hasLargeRecords: true, recordPlace: 0),
      "expected a zip64 end record at byte 0, found none"
    ),
    (
      ZipWriter(members: members(), hasLargeRecords: true, count: 7),
      "expected one statement on the directory, found two"
    ),
    (
      ZipWriter(members: members() + [.init(String(repeating: "n", count: 1025), [])]),
      "a member's name of 1025 bytes, the limit is 1024 bytes"
    ),
  ]

  @Test(arguments: archives) func isRefused(_ archive: ZipWriter, _ words: String) throws {
    let refusal = try refusal(archive.bytes)
    #expect(refusal.contains(words), "\(refusal)")
  }

  @Test func whatPyTorchWritesIsAccepted() throws {
    for folder in ["archive", "détr", "a b"] {
      for hasLargeRecords in [false, true] {
        let archive = ZipWriter(
          members: Self.members({ $0.isLarge = hasLargeRecords }, folder: folder) + [
            .init("\(folder)/byteorder", Array("little".utf8)), .init("\(folder)/version", [0x33]),
          ], hasLargeRecords: hasLargeRecords)
        try withFile(bytes: archive.bytes) { path in
          let tensor = try openCheckpoint(path).tensor("a")
          #expect(tensor.shape == [2, 3])
        }
      }
    }
  }

  /// Two members of which one contains the other.
  @Test func membersThatShareBytesAreRefused() throws {
    let inner = ZipWriter(members: [.init("model/data/1", PickleWriter.zeros(8))])
    let header = Array(inner.bytes.prefix(30 + 12 + 8))
    var outer = ZipWriter(members: Self.members())
    outer.members.append(.init("model/x", header))
    let start = outer.bytes.firstRange(of: header)!.lowerBound
    var hidden = ZipWriter.Member("model/data/1", PickleWriter.zeros(8))
    hidden.start = UInt32(start)
    outer.members.append(hidden)
    #expect(
      try refusal(outer.bytes).contains("found 'model/x' and 'model/data/1' overlapping"))
  }

  @Test func theNumberOfMembersIsLimited() throws {
    var bytes = ZipWriter(members: [.init("model/data.pkl", [])], hasLargeRecords: true).bytes
    // The number stands twice in the zip64 record; the end record may leave it open.
    let record = bytes.firstRange(of: [0x50, 0x4B, 6, 6])!.lowerBound
    bytes.replaceSubrange(record + 24..<record + 40, with: little(69_633) + little(69_633))
    bytes.replaceSubrange(bytes.count - 14..<bytes.count - 10, with: [255, 255, 255, 255])
    #expect(try refusal(bytes).contains("has 69633 members, the limit is 69632 members"))
  }
}
