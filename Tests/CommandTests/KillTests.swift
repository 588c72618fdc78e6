import Datasets
import Foundation
import Models
import Support
import Tensors
import Testing

/// `unit train`, killed again and again at random instants and resumed, ends with the bits of a run
/// that was never stopped.
///
/// Five kills in the ordinary tests; `UNIT_KILLS=200 swift test --filter KillTests` is the long one.
@Suite(.serialized) struct KillTests {
  private let folder: TemporaryFolder
  private let model: TinyModel
  private let recipe: String

  init() throws {
    folder = try TemporaryFolder()
    model = try TinyModel([
      TaskSpec(
        name: "shapes", head: "detection", group: "detection", index: 0, queries: 5,
        inputs: [.image], labels: EasyVQA.shapes),
      TaskSpec(
        name: "questions", head: "answer", group: "vl", index: 1, queries: 2,
        inputs: [.image, .text], labels: EasyVQA.answers),
    ])
    let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("datasets/EasyVQA/Sample").path
    let text = """
      seed: 5
      model: \(model.path)/config.json
      tasks:
        - task: shapes
          dataset: {kind: easy-vqa, path: \(sample), split: train, evaluation_split: test}
          batch: 2
          augment: {flip: true, shift: 2}
        - task: questions
          dataset: {kind: easy-vqa, path: \(sample), split: train}
          batch: 2
      sampling: {schedule: weighted}
      accumulate: 2
      steps: 60
      optimizer: {lr: 1e-3, clip: 1.0, layer_decay: 0.8}
      ema: {decay: 0.9}
      early_stopping: {patience: 100}
      evaluate_every: 20
      checkpoint_every: 3
      log_every: 1
      """
    recipe = try folder.file("recipe.yaml", Array(text.utf8))
  }

  /// What must not differ: weights, moments, average, the best model, and every step's loss.
  private func end(_ run: String) throws -> [Data] {
    let files = ["last/model", "last/optimizer", "last/average", "best/model"].map {
      "checkpoints/\($0).safetensors"
    }
    let log = try String(contentsOfFile: run + "/log.jsonl", encoding: .utf8)
    let steps = try log.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return "\(object?["step"] ?? "") \(object?["task"] ?? "") \(object?["loss"] ?? "")"
    }
    #expect(steps.count == 60)
    let rows = try String(contentsOfFile: run + "/results.csv", encoding: .utf8)
    #expect(rows.split(separator: "\n").count == 4)
    return try files.map { try Data(contentsOf: URL(fileURLWithPath: run + "/" + $0)) }
      + [Data(steps.joined(separator: "\n").utf8)]
  }

  @Test func killedAgainAndAgain() throws {
    let wanted = ProcessInfo.processInfo.environment["UNIT_KILLS"].flatMap(Int.init) ?? 5
    let straight = folder.path("straight")
    let start = ContinuousClock.now
    let execution = try unit("train", recipe, "--output", straight, "--quiet")
    #expect(execution.status == 0, "\(execution.errors)")
    let milliseconds = max(100, Int(start.duration(to: .now) / .milliseconds(1)))
    let expected = try end(straight)
    let key = RandomKey(seed: 2026)
    var (kills, attempts, finished) = (0, 0, 0)
    var run = folder.path("run-0")
    while kills < wanted || finished == 0 {
      let resumes = FileManager.default.fileExists(atPath: run + "/run.json")
      let arguments =
        ["train", recipe, "--output", run, "--quiet"] + (resumes ? ["--resume"] : [])
      var process = try Spawn(
        arguments.map { Array($0.utf8) }, input: recipe, output: folder.path("out"),
        errors: folder.path("errors"))
      // Once there were kills enough the run may end.
      if kills < wanted {
        usleep(UInt32(1000 * key.integer(at: UInt64(attempts), below: milliseconds)))
        kill(process.id, SIGKILL)
      }
      attempts += 1
      let status = process.wait().status
      guard let status else {
        kills += 1
        continue
      }
      let errors = try String(contentsOfFile: folder.path("errors"), encoding: .utf8)
      try #require(status == 0, "\(errors)")
      #expect(try end(run) == expected, "after \(kills) kills")
      finished += 1
      try FileManager.default.removeItem(atPath: run)
      run = folder.path("run-\(finished)")
    }
    print("\(kills) kills, \(finished) runs to the end, straight run \(milliseconds) ms")
  }
}
