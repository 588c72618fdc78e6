import Foundation
import Testing

struct BenchTests {
  private func report(_ arguments: String...) throws -> [String: Any] {
    let all = ["bench"] + arguments + ["--runs", "3", "--warm-up", "1", "--format", "json"]
    let run = try unit(raw: all.map { Array($0.utf8) })
    #expect(run.status == 0, "\(run.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
  }

  private func stages(_ report: [String: Any]) throws -> Set<String> {
    Set(try #require(report["stages_ms"] as? [String: Double]).keys)
  }

  @Test func jsonNamesEveryFigure() throws {
    let model = try TinyModel()
    let report = try report("--model", model.path, "--task", "questions", "--size", "64x96")
    let latency = try #require(report["latency_ms"] as? [String: Double])
    let times = ["least", "p50", "p90", "p95", "p99"].compactMap { latency[$0] }
    #expect(times.count == 5 && times == times.sorted() && times[0] > 0)
    #expect(
      try stages(report) == ["backbone", "encoder", "text", "decoder", "head", "rest"])
    #expect(report["peak_memory_bytes"] as? Int ?? 0 > 1 << 20)
    #expect(report["runs"] as? Int == 3)
    let counted = try #require(report["multiply_adds"] as? Int)
    let parts = try #require(report["stage_multiply_adds"] as? [String: Int])
    #expect(counted > 0 && parts.values.reduce(0, +) == counted)
    let speed = try #require(report["gflops"] as? Double)
    let peak = try #require(report["peak_gflops"] as? Double)
    #expect(speed > 0 && abs(speed - 2e-6 * Double(counted) / times[1]) <= 1e-6 * speed)
    let share = try #require(report["share_of_peak"] as? Double)
    #expect(peak > 1 && abs(share - speed / peak) <= 1e-9)
  }

  @Test func wholeAnswersBeginWithTheFile() throws {
    let model = try TinyModel()
    let asked = try report("--model", model.path, "--task", "questions", "--questions", "2")
    #expect(
      try stages(asked)
        == ["decode", "resize", "backbone", "encoder", "text", "decoder", "head", "rest"])
    #expect((asked["subject"] as? String)?.hasSuffix("480 x 640, 2 questions") == true)
    let folder = try TemporaryFolder()
    let picture = try folder.file("picture.jpg", PictureSamples.jpeg)
    let found = try report("--model", model.path, "--task", "shapes", "--image", picture)
    #expect((found["subject"] as? String)?.hasSuffix(picture) == true)
    let read = try report("--model", model.path, "--task", "mood")
    #expect(try stages(read) == ["text", "decoder", "head", "rest"])
  }

  @Test func textIsForPeople() throws {
    let model = try TinyModel()
    let run = try unit("bench", "--model", model.path, "--runs", "2", "--warm-up", "0")
    for line in [/p50 +[0-9.]+ ms/, /p99 +[0-9.]+ ms/, /decoder +[0-9.]+ ms +[0-9.]+ GFLOP.s/] {
      #expect(run.text.contains(line), "\(run.text) \(run.errors)")
    }
    #expect(run.text.contains(/speed +[0-9.]+ GFLOP.s, [0-9]+ % of the peak/), "\(run.text)")
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

  @Test func trainingStepsHaveForwardBackwardAndOptimizer() throws {
    let report = try report("--training", "detr", "--size", "32x32")
    #expect(
      try stages(report)
        .isSuperset(of: ["backbone", "encoder", "decoder", "backward", "optimizer"]))
    expectFailure(try unit("bench", "--training", "vilt"), 64, saying: "--training")
    let long = try unit("bench", "--training", "bert", "--tokens", "513")
    expectFailure(long, 64, saying: "1 to 512")
  }

  @Test func timesAreComparedWithOpenBLAS() throws {
    let compared = try report("--backbone", "18", "--size", "32x32", "--against-blas")
    #expect(try #require(compared["to_openblas"] as? Double) > 0)
    let alone = try report("--backbone", "18", "--size", "32x32")
    #expect(alone["to_openblas"] is NSNull)
  }

  @Test(
    arguments: zip(
      ["detr", "vilt", "unit"],
      [
        ["backbone", "encoder", "decoder", "head", "rest"],
        ["backbone", "text", "encoder", "head", "rest"],
        ["backbone", "encoder", "decoder", "head", "rest"],
      ]))
  func networksWithoutWeights(name: String, expected: [String]) throws {
    let report = try report("--network", name, "--size", "64x64")
    #expect(try stages(report) == Set(expected))
  }

  // Twelve layers, the pooler and the mean of the states, as the shapes of the network have it.
  @Test func countsTheMultiplyAddsOfABERT() throws {
    let linear = 12 * 32 * (4 * 768 * 768 + 2 * 768 * 3072)
    let attention = 12 * 12 * 32 * 32 * (64 + 64)
    let report = try report("--network", "bert", "--tokens", "32")
    #expect(report["multiply_adds"] as? Int == linear + attention + 768 * 768 + 32 * 768)
  }

  @Test func oneThingIsMeasured() throws {
    expectFailure(
      try unit("bench", "--backbone", "18", "--network", "bert"), 64, saying: "--network", "one")
    expectFailure(
      try unit("bench", "--network", "yolo"), 64, saying: "yolo", "detr", "bert", "vilt", "unit")
  }

  // The stem, then four stages of two blocks, as the shapes of the network have it.
  @Test func countsTheMultiplyAddsOfAResNet() throws {
    let stem = 64 * 147 * 112 * 112
    let first = 4 * 64 * 64 * 9 * 56 * 56
    let later = 128 * 64 * 9 * 28 * 28 + 3 * 128 * 128 * 9 * 28 * 28 + 64 * 128 * 28 * 28
    let report = try report("--backbone", "18", "--size", "224x224", "--threads", "1")
    #expect(report["multiply_adds"] as? Int == stem + first + 3 * later)
  }

  @Test func multiplyAddsGrowWithTheBatch() throws {
    let model = try TinyModel()
    func counted(_ batch: String) throws -> Int {
      let report = try report(
        "--model", model.path, "--task", "questions", "--size", "64x64", "--tokens", "8",
        "--batch", batch)
      return try #require(report["multiply_adds"] as? Int)
    }
    #expect(try counted("3") == 3 * counted("1"))
  }

  @Test func preprocessingAloneIsMeasuredForRaces() throws {
    let folder = try TemporaryFolder()
    let picture = try folder.file("picture.jpg", PictureSamples.jpeg)
    let seen = try report("--preprocessing", "32", "--image", picture)
    #expect(try stages(seen) == ["decode", "resize", "rest"])
    #expect((seen["subject"] as? String)?.hasSuffix("picture.jpg, shorter side 32") == true)
    expectFailure(
      try unit("bench", "--preprocessing", "3", "--image", picture), 64, saying: "16 to 1333")
    expectFailure(
      try unit("bench", "--preprocessing", "32", "--network", "bert"), 64, saying: "one")
    expectFailure(
      try unit("bench", "--preprocessing", "32", "--size", "480x640"), 64, saying: "--size")
  }

  @Test func workerRunsAsOftenAsItIsTold() throws {
    let model = try TinyModel()
    let arguments = ["bench", "--worker", "--model", model.path, "--task", "mood", "--tokens", "4"]
    let run = try unit(
      raw: arguments.map { Array($0.utf8) }, input: Array("go 3\ngo 0\ngo 1\n".utf8))
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.text.split(separator: "\n")
    #expect(lines.first == "{\"ready\":true}")
    let times = try lines.dropFirst().map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [Double])
    }
    #expect(times.map(\.count) == [3, 0, 1])
    let wrong = try unit(
      raw: arguments.map { Array($0.utf8) }, input: Array("stop\n".utf8))
    #expect(wrong.status == 65 && wrong.errors.contains("'stop'"), "\(wrong.errors)")
  }

  @Test func sizesThatAModelCannotTake() throws {
    let model = try TinyModel()
    func refused(_ arguments: String..., saying word: String) throws {
      let all = ["bench", "--model", model.path] + arguments
      expectFailure(try unit(raw: all.map { Array($0.utf8) }), 64, saying: word)
    }
    try refused("--task", "mood", "--size", "64x64", saying: "sees no pictures")
    try refused("--task", "shapes", "--tokens", "4", saying: "reads no texts")
    try refused("--task", "mood", "--tokens", "33", saying: "1 to 32")
    try refused("--batch", "0", saying: "--batch")
    try refused("--size", "64x64", "--questions", "2", saying: "--questions")
    let missing = try unit("bench", "--model", model.path, "--image", "nothing.png")
    expectFailure(missing, 66, saying: "nothing.png")
  }
}
