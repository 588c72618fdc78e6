import Foundation
import Testing

@testable import Training

struct RunReportsTests {
  /// Steps of the events of a run that hold a summary, over all files.
  private func steps(_ folder: TemporaryFolder) throws -> [Int] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    return try names.filter { $0.hasPrefix("events.") }.flatMap { name in
      let data = try #require(FileManager.default.contents(atPath: folder.path + "/" + name))
      return EventRecord.contents(of: Array(data)).filter { record in
        ProtobufFields(record).contains { $0.field == 5 }
      }.map(TrainingEvent.step(of:))
    }
  }

  @Test func aResumedRunTellsEveryStepOnce() throws {
    let straight = TemporaryFolder()
    _ = try Toy.trainer(straight.path).runUndisturbed()
    let stopped = TemporaryFolder()
    let first = try Toy.trainer(stopped.path, overrides: ["checkpoint_every=10"])
    struct Stop: Error {}
    first.evaluate = { step in
      if step == 30 { throw Stop() }
      return [("weight", 1), ("two", 2)]
    }
    #expect(throws: Stop.self) { try first.runUndisturbed() }
    #expect(stopped.exists("curves.png") && stopped.exists("curves.svg"))
    _ = try Toy.trainer(stopped.path, resumes: true).runUndisturbed()
    let expected = (Array(1...40) + [10, 20, 30, 40]).sorted()
    #expect(try steps(straight) == expected)
    #expect(try steps(stopped) == expected)
  }

  @Test func theHistoryIsReadBackFromTheLogs() throws {
    let folder = TemporaryFolder()
    let trainer = try Toy.trainer(folder.path)
    trainer.evaluate = { step in [("a \"b\", c", Double(step)), ("nothing", .nan)] }
    _ = try trainer.runUndisturbed()
    let written = trainer.folder.reports.history
    let read = RunHistory(log: folder.path + "/log.jsonl", results: folder.path + "/results.csv")
    #expect(read.losses.map(\.name).sorted() == ["left", "right"])
    #expect(read.losses.map(\.points.count).reduce(0, +) == 40)
    // The log has the 32-bit losses in decimals.
    for (a, b) in zip(read.losses, written.losses) {
      #expect(a.name == b.name && a.points.map(\.step) == b.points.map(\.step))
      #expect(zip(a.points, b.points).allSatisfy { abs($0.value - $1.value) < 1e-6 })
    }
    #expect(read.rates == written.rates && read.lastStep == 40)
    #expect(read.metrics[0] == written.metrics[0])
    #expect(read.metrics[0].name == "a \"b\", c")
    #expect(read.metrics[0].points.map(\.value) == [10, 20, 30, 40])
    #expect(read.metrics[1].points.allSatisfy { $0.value.isNaN })
  }

  @Test func memoryIsMeasured() {
    #expect(ResidentMemory.bytes > 1_000_000)
    #expect(ResidentMemory.short(5_240_000_000) == "5.2G")
    #expect(ResidentMemory.short(310_000_000) == "310M")
  }
}
