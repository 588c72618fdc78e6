import Foundation
import Testing

struct BenchTests {
  @Test func jsonNamesEveryFigure() throws {
    let model = try TinyModel()
    let run = try unit(
      "bench", "--model", model.path, "--task", "questions", "--runs", "3", "--warm-up", "1",
      "--size", "64x96", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
    let latency = try #require(report["latency_ms"] as? [String: Double])
    let times = ["least", "p50", "p90", "p99"].compactMap { latency[$0] }
    #expect(times.count == 4 && times == times.sorted() && times[0] > 0)
    let stages = try #require(report["stages_ms"] as? [String: Double])
    #expect(
      Set(stages.keys) == [
        "preprocessing", "backbone", "image encoder", "text encoder", "decoder", "head",
      ] && stages.values.allSatisfy { $0 > 0 })
    #expect(report["peak_memory_bytes"] as? Int ?? 0 > 1 << 20)
    #expect(report["runs"] as? Int == 3)
  }

  @Test func textIsForPeople() throws {
    let model = try TinyModel()
    let run = try unit("bench", "--model", model.path, "--runs", "2", "--warm-up", "0")
    #expect(run.text.contains(/p50 +[0-9.]+ ms/), "\(run.errors)")
    #expect(run.text.contains(/decoder +[0-9.]+ ms/), "\(run.errors)")
  }

  @Test(arguments: ["480", "0x640", "480x640x3", "axb", "480x99999"])
  func sizesThatMakeNoSense(size: String) throws {
    expectFailure(try unit("bench", "--size", size), 64, saying: "--size")
  }

  @Test func backbonesAreNamedByTheirLayers() throws {
    let run = try unit("bench", "--backbone", "18", "--size", "32x32", "--runs", "1")
    #expect(run.text.hasPrefix("ResNet-18, 32 x 32\n"), "\(run.errors)")
    expectFailure(try unit("bench", "--backbone", "19"), 64, saying: "--backbone")
  }
}
