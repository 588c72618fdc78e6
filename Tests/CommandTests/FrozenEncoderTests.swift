import Datasets
import Foundation
import Models
import Testing

/// What frozen encoders give is computed once and kept; the run ends with the same bits however often
/// it is stopped.
struct FrozenEncoderTests {
  private let folder: TemporaryFolder
  private let recipe: String

  init() throws {
    folder = try TemporaryFolder()
    let model = try TinyModel([
      TaskSpec(
        name: "shapes", head: "detection", group: "detection", index: 0, queries: 5,
        inputs: [.image], labels: EasyVQA.shapes),
      TaskSpec(
        name: "questions", head: "answer", group: "vl", index: 1, queries: 2,
        inputs: [.image, .text], labels: EasyVQA.answers),
    ])
    for name in ["config.json", "vocab.txt"] {
      try FileManager.default.copyItem(
        atPath: "\(model.path)/\(name)", toPath: folder.path(name))
    }
    let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("datasets/EasyVQA/Sample").path
    let text = """
      seed: 3
      model: config.json
      tasks:
        - task: shapes
          dataset: {kind: easy-vqa, path: \(sample), split: train}
          batch: 3
        - task: questions
          dataset: {kind: easy-vqa, path: \(sample), split: train}
          batch: 4
          questions_per_picture: 2
      steps: 8
      optimizer: {lr: 1e-3, clip: 1.0, freeze: ["unit_base_model.backbone.*"]}
      schedule: {warmup: 1}
      cache_frozen: true
      log_every: 1
      """
    recipe = try folder.file("recipe.yaml", text)
  }

  private func train(_ run: String, _ arguments: String...) throws -> Execution {
    try unit(raw: (["train", recipe, "--output", run] + arguments).map { Array($0.utf8) })
  }

  private func weights(_ run: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: run + "/checkpoints/last/model.safetensors"))
  }

  private func losses(_ run: String) throws -> [Double] {
    try String(contentsOfFile: run + "/log.jsonl", encoding: .utf8).split(separator: "\n").map {
      let line = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      return line?["loss"] as? Double ?? .nan
    }
  }

  @Test func theLossesAreThoseWithoutKeepingAnything() throws {
    let (kept, fresh) = (folder.path("kept"), folder.path("fresh"))
    let first = try train(kept)
    #expect(first.status == 0, "\(first.errors)")
    #expect(try train(fresh, "--set", "cache_frozen=false").status == 0)
    let (a, b) = (try losses(kept), try losses(fresh))
    #expect(a.count == 8 && b.count == 8)
    // The kept features are rounded to bfloat16.
    for (a, b) in zip(a, b) { #expect(abs(a - b) < 0.02 * abs(b), "\(a) \(b)") }
    let files = try FileManager.default.contentsOfDirectory(atPath: kept + "/features")
    #expect(files.count { $0.hasSuffix(".bf16") } == 1)
  }

  @Test func aResumedRunHasTheSameBits() throws {
    let (straight, stopped) = (folder.path("straight"), folder.path("stopped"))
    #expect(try train(straight).status == 0)
    #expect(try train(stopped, "--set", "steps=3").status == 0)
    let resumed = try train(stopped, "--resume", "--allow-change")
    #expect(resumed.status == 0, "\(resumed.errors)")
    // The schedule of the first part was shorter, so only its own repetition is comparable.
    let again = folder.path("again")
    #expect(try train(again, "--set", "steps=3").status == 0)
    #expect(try train(again, "--resume", "--allow-change").status == 0)
    #expect(try weights(stopped) == weights(again))
    #expect(try weights(straight) != weights(stopped))
  }

  @Test func nothingFrozenIsAnError() throws {
    let run = try train(folder.path("none"), "--set", "optimizer.freeze=[]")
    #expect(run.status == 65 || run.status == 64, "\(run.errors)")
    #expect(run.errors.contains("cache_frozen: no encoder is frozen"), "\(run.errors)")
  }
}
