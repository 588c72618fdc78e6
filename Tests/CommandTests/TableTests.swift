import Datasets
import Foundation
import Models
import Testing

struct TableTests {
  private let folder: TemporaryFolder
  private let model: TinyModel
  private let recipe: String

  init() throws {
    folder = try TemporaryFolder()
    // Only the configuration and the vocabulary of this model are used; its weights are not.
    model = try TinyModel([
      TaskSpec(
        name: "shapes", head: "detection", group: "detection", index: 0, queries: 5,
        inputs: [.image], labels: EasyVQA.shapes,
        attributes: AttributeSpec(labels: EasyVQA.colours, embedding: 8, hidden: 16)),
      TaskSpec(
        name: "questions", head: "answer", group: "vl", index: 1, queries: 2,
        inputs: [.image, .text], labels: EasyVQA.answers),
      TaskSpec(
        name: "mood", head: "classification", group: "glue", index: 2, queries: 2,
        inputs: [.text], labels: ["negative", "positive"]),
    ])
    let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("datasets")
      .path
    let shapes = "{kind: easy-vqa, path: \(samples)/EasyVQA/Sample, evaluation_split: test}"
    let text = """
      seed: 3
      model: \(model.path)/config.json
      tasks:
        - {task: shapes, dataset: \(shapes), ratio: 2, batch: 2, augment: {flip: true}}
        - {task: questions, dataset: \(shapes), batch: 3}
        - task: mood
          dataset: {kind: sst2, path: \(samples)/GLUE/Sample/SST-2, evaluation_split: dev}
          batch: 2
      steps: 12
      optimizer: {lr: 1e-3, groups: [{match: "bert_model.*", lr: 1e-4}]}
      schedule: {warmup: 1, kind: cosine}
      checkpoint_every: 2
      log_every: 1
      table: {metrics: {shapes: attribute_accuracy}}
      """
    recipe = try folder.file("recipe.yaml", Array(text.utf8))
  }

  private func table(_ arguments: String...) throws -> Execution {
    try unit(raw: (["table", recipe] + arguments).map { Array($0.utf8) })
  }

  /// The table without what the clock decides.
  private func results(_ path: String) throws -> String {
    try String(contentsOfFile: path + "/table.json", encoding: .utf8).split(separator: "\n")
      .filter { !$0.contains("\"seconds\"") }.joined(separator: "\n")
  }

  @Test func aTableIsTheSameAfterAKillAtAnyTime() throws {
    let straight = folder.path("straight")
    let run = try table("--output", straight)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.text.split(separator: "\n")
    #expect(lines.count == 5, "\(run.text)")
    #expect(lines[0].hasSuffix("shapes attribute_accuracy  questions accuracy  mood accuracy"))
    #expect(!run.text.contains(" - "))
    for file in [
      "table.md", "seed-3/single/mood/run.json", "seed-3/separate/checkpoints/best/config.json",
      "seed-3/detector_first/log.jsonl",
    ] {
      #expect(FileManager.default.fileExists(atPath: straight + "/" + file), "\(file)")
    }
    let found = try unit(
      "read", "fine", "--model", straight + "/seed-3/shared/checkpoints/best", "--task", "mood")
    #expect(found.status == 0, "\(found.errors)")

    let stopped = folder.path("stopped")
    let input = try folder.file("input", [])
    // Killed before anything, within a single model, and within each joint one.
    let moments = [
      "seed-3/single/shapes/run.json", "seed-3/single/questions/checkpoints/last/state.json",
      "seed-3/shared/checkpoints/last/state.json", "seed-3/detector_first/run.json",
    ]
    for (number, moment) in moments.enumerated() {
      let resume = number == 0 ? [] : ["--resume"]
      var process = try Spawn(
        (["table", recipe, "--output", stopped] + resume).map { Array($0.utf8) }, input: input,
        output: folder.path("out"), errors: folder.path("err"))
      var isRunning = true
      while isRunning && !FileManager.default.fileExists(atPath: stopped + "/" + moment) {
        usleep(1000)
        isRunning = kill(process.id, 0) == 0
      }
      kill(process.id, SIGKILL)
      #expect(process.wait().status == nil)
    }
    let resumed = try table("--output", stopped, "--resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.text == run.text)
    #expect(try results(stopped) == results(straight))
    // What has ended is not done again.
    let again = try table("--output", stopped, "--resume")
    #expect(again.text == run.text && again.errors.isEmpty, "\(again.errors)")
  }

  @Test func aDryRunTellsWhatWouldBeTrained() throws {
    let run = try table("--output", folder.path("none"), "--dry-run")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains("seed-3/single/shapes     6 steps, "), "\(run.text)")
    #expect(run.text.contains("seed-3/detector_first    12 steps, "), "\(run.text)")
    #expect(run.text.contains("shapes: 6 of 12 steps, batches of 2, "), "\(run.text)")
    #expect(run.text.contains("6 trainings, 48 steps, about "), "\(run.text)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("none")))
  }

  @Test func tablesAreNotMixedUp() throws {
    let path = folder.path("table")
    expectFailure(try table("--output", path, "--resume"), 66, saying: "no checkpoint")
    let short = ["--output", path, "--set", "steps=2", "--set", "table.rows=[shared]"]
    let first = try unit(raw: (["table", recipe] + short).map { Array($0.utf8) })
    #expect(first.status == 0, "\(first.errors)")
    expectFailure(
      try unit(raw: (["table", recipe] + short).map { Array($0.utf8) }), 73, saying: "--resume")
    let changed = short + ["--set", "optimizer.lr=1", "--resume"]
    expectFailure(
      try unit(raw: (["table", recipe] + changed).map { Array($0.utf8) }), 65,
      saying: "recipe of seed-3/shared", "changed")
    expectFailure(try unit("table", recipe), 64, saying: "--output")
    expectFailure(
      try table("--output", path, "--set", "table.rows=[shard]"), 64, saying: "detector_first")
  }
}
