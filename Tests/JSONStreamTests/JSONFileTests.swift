import Foundation
import JSONStream
import Testing

@Suite struct JSONFileTests {
  private func path() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("json-\(UUID().uuidString)").path
  }

  private func failure(_ path: String) -> JSONError? {
    do {
      _ = try JSONFile(path: path).read { try $0.skip() }
      return nil
    } catch { return error as? JSONError }
  }

  @Test func filesAreMapped() throws {
    let path = path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("[1, 2]".utf8).write(to: URL(fileURLWithPath: path))
    var sum = 0
    try JSONFile(path: path).read { reader in
      try reader.array { reader, _ in sum += try reader.integer() }
    }
    #expect(sum == 3)
    try Data().write(to: URL(fileURLWithPath: path))
    #expect(failure(path)?.found == "the end of the file")
  }

  @Test func pipesAreRead() throws {
    let path = path()
    try #require(mkfifo(path, 0o600) == 0)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let numbers = Array("[\((0..<100_000).map(String.init).joined(separator: ","))]".utf8)
    let writer = Thread {
      try? FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: numbers)
    }
    writer.start()
    var count = 0
    try JSONFile(path: path).read { reader in
      try reader.array { reader, index in
        if try reader.integer() == index { count += 1 }
      }
    }
    #expect(count == 100_000)
  }

  @Test func whatIsNoFileIsRefused() {
    #expect(failure("/nowhere/a.json")?.kind == .cannotRead)
    #expect(
      failure("/")?.description == "/: cannot be read: it is a folder; name the file inside it")
    #expect(failure("/dev/zero")?.kind == .cannotRead)
  }
}
