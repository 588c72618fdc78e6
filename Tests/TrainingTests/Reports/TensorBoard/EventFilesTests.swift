import Foundation
import Testing

@testable import Training

struct EventFilesTests {
  private let folder = TemporaryFolder()

  init() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
  }

  private func files(at time: Double = 1_700_000_000.5) -> EventFiles {
    EventFiles(folder: folder.path, now: { time })
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  /// The steps told in each file, without the file's version and the session's start.
  private func steps() throws -> [[Int]] {
    try names().map { name in
      let bytes = Array(try #require(FileManager.default.contents(atPath: path(name))))
      return EventRecord.contents(of: bytes).dropFirst(2).map(TrainingEvent.step(of:))
    }
  }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private let scalars = TrainingEvent.Content.scalars([("a/loss", 0.25), ("lr", -1e-5)])

  @Test func theBytesAreTensorBoardsOwn() throws {
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Goldens/Training/events.tfevents").standardized
    let files = files()
    try files.append(scalars, step: 7)
    try files.append(
      .picture(tag: "p", png: [0x89, 0x50, 0x4E, 0x47, 0xFF], width: 200, height: 2), step: 300)
    #expect(try names() == ["events.out.tfevents.1700000000.unit"])
    let written = FileManager.default.contents(atPath: path(try names()[0]))
    let expected = try Data(contentsOf: golden)
    #expect(written == expected)
  }

  @Test func aNewSessionBeginsAFileWithALaterName() throws {
    for step in 1...3 { try files().append(scalars, step: step) }
    try files(at: 1_600_000_000).append(scalars, step: 4)
    #expect(try names() == (0...3).map { "events.out.tfevents.170000000\($0).unit" })
    #expect(try steps() == [[1], [2], [3], [4]])
  }

  @Test func whatFollowsAStepIsCut() throws {
    let first = files()
    for step in 1...4 { try first.append(scalars, step: step) }
    let second = files()
    for step in 5...6 { try second.append(scalars, step: step) }
    try second.truncate(after: 3)
    #expect(try steps() == [[1, 2, 3]])
    try second.append(scalars, step: 4)
    #expect(try steps() == [[1, 2, 3], [4]])
    try second.truncate(after: 0)
    #expect(try names().isEmpty)
  }

  @Test func aHalfWrittenOrDamagedRecordEndsTheFile() throws {
    let files = files()
    for step in 1...4 { try files.append(scalars, step: step) }
    let file = path(try names()[0])
    let whole = try #require(FileManager.default.contents(atPath: file))
    for damaged in [
      whole.dropLast(1), whole + [24, 0, 0], whole + Data(repeating: 255, count: 20),
    ] {
      try Data(damaged).write(to: URL(fileURLWithPath: file))
      try EventFiles(folder: folder.path).truncate(after: 9)
      let count = damaged.count < whole.count ? 3 : 4
      #expect(try steps() == [Array(1...count)])
    }
    var flipped = whole
    flipped[whole.count - 12] ^= 1
    try flipped.write(to: URL(fileURLWithPath: file))
    try EventFiles(folder: folder.path).truncate(after: 9)
    #expect(try steps() == [[1, 2, 3]])
  }

  // The vectors of RFC 3720, appendix B.4.
  @Test func checksums() {
    #expect(MaskedChecksum.crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(MaskedChecksum.crc32c([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(MaskedChecksum.crc32c(0..<32) == 0x46DD_794E)
    #expect(MaskedChecksum.crc32c("123456789".utf8) == 0xE306_9283)
    #expect(MaskedChecksum.crc32c([]) == 0)
  }

  @Test func fieldsAreReadAsTheyWereWritten() {
    var inner = ProtobufMessage()
    inner.add(1, "text")
    var message = ProtobufMessage()
    message.add(1, Int64(-1))
    message.add(2, 1.5)
    message.add(200, Float(2))
    message.add(4, inner)
    message.add(5, Int64(300))
    let fields = Array(ProtobufFields(message.bytes[...]))
    #expect(fields.map(\.field) == [1, 2, 200, 4, 5])
    #expect(
      fields.map(\.content) == [
        .number(.max), .number(1.5.bitPattern), .number(UInt64(Float(2).bitPattern)),
        .bytes(inner.bytes[...]), .number(300),
      ])
    for count in 0..<message.bytes.count {
      #expect(Array(ProtobufFields(message.bytes[..<count])).count < 5)
    }
    #expect(Array(ProtobufFields([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1])).isEmpty)
  }
}
