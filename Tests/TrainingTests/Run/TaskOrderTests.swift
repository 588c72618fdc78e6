import Foundation
import Tensors
import Testing
import Training

/// Schedules of tasks and accumulated gradients in whole runs.
struct TaskOrderTests {
  func tasks(_ folder: TemporaryFolder) throws -> [String] {
    try folder.text("log.jsonl").split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as! [String: Any]
      return object["task"] as! String
    }
  }

  @Test func aRunFollowsItsSchedule() throws {
    let folder = TemporaryFolder()
    _ = try Toy.trainer(
      folder.path,
      overrides: [
        "sampling={schedule: task_by_task}", "tasks.0.steps=30", "tasks.1.steps=10",
      ]
    ).runUndisturbed()
    #expect(
      try tasks(folder)
        == [String](repeating: "left", count: 30) + [String](repeating: "right", count: 10))
  }

  @Test(arguments: [
    ["sampling={schedule: task_by_task}"], ["sampling={schedule: alternating}"],
    ["sampling={schedule: uniform}"], ["sampling={schedule: weighted}"],
    ["sampling={schedule: accumulated}"], ["accumulate=3"],
    ["sampling={schedule: accumulated}", "accumulate=2"],
  ]) func aResumedRunEndsWithTheSameBits(overrides: [String]) async throws {
    let reference = Toy()
    let straight = TemporaryFolder()
    _ = try Toy.trainer(straight.path, overrides: overrides, model: reference).runUndisturbed()
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.path as String, overrides] in
      let trainer = try Toy.trainer(path, overrides: overrides)
      trainer.afterStep = { if $0 == 27 { kill(getpid(), SIGKILL) } }
      _ = try trainer.runUndisturbed()
    }
    let model = Toy(seed: 1234)
    _ = try Toy.trainer(
      folder.path, resumes: true, overrides: overrides, model: model, threads: 3
    ).runUndisturbed()
    #expect(model.bits == reference.bits)
    #expect(try tasks(folder) == tasks(straight))
    for name in ["model", "optimizer", "average"] {
      let path = "checkpoints/last/\(name).safetensors"
      #expect(folder.text(path) == straight.text(path) && !folder.text(path).isEmpty)
    }
  }

  @Test func theDefaultsSpeltOutChangeNothing() throws {
    let (plain, spelt) = (Toy(), Toy())
    let folder = TemporaryFolder()
    _ = try Toy.trainer(folder.path, model: plain).runUndisturbed()
    _ = try Toy.trainer(
      TemporaryFolder().path, overrides: ["sampling={schedule: ratios}", "accumulate=1"],
      model: spelt
    ).runUndisturbed()
    #expect(plain.bits == spelt.bits)
    // A run that was begun before these entries existed is not refused for them.
    _ = try Toy.trainer(
      folder.path, resumes: true, overrides: ["sampling={schedule: ratios}", "accumulate=1"]
    ).runUndisturbed()
  }

  @Test func accumulatedTermsAreNamedAfterTheirTasks() throws {
    let folder = TemporaryFolder()
    _ = try Toy.trainer(
      folder.path, overrides: ["sampling={schedule: accumulated}", "steps=4"]
    ).runUndisturbed()
    let line = folder.text("log.jsonl").split(separator: "\n")[0]
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as! [String: Any]
    #expect(object["task"] as? String == "left+right")
    let terms = object["terms"] as! [String: Double]
    #expect(terms.keys.sorted() == ["left/loss", "left/square", "right/loss", "right/square"])
  }

  /// The mean of the gradients of small batches is the gradient of the large one.
  @Test func accumulatedStepsAreThoseOfALargeBatch() throws {
    func trained(batch: Int, accumulate: Int) throws -> Toy {
      let overrides = [
        "accumulate=\(accumulate)", "steps=6", "ema=~", "optimizer.eps=1e-4", "schedule=~",
        "optimizer.weight_decay=0", "tasks.1.ratio=0",
      ]
      let recipe = try Toy.recipe(overrides)
      let model = Toy(dropout: 0)
      var options = Trainer<Toy>.Options()
      options.isQuiet = true
      let source = try Toy.source("left", seed: recipe.seed, batch: batch)
      let trainer = try Trainer(
        model, recipe: recipe, sources: ["left": source, "right": source],
        folder: TemporaryFolder().path, options: options)
      trainer.isInterrupted = { false }
      _ = try trainer.runUndisturbed()
      return model
    }
    let (large, small) = (
      try trained(batch: 12, accumulate: 1), try trained(batch: 4, accumulate: 3)
    )
    let start = Toy().parameters.map(\.value.elements)
    for index in 0..<4 {
      let (a, b) = (large.parameters[index].value.elements, small.parameters[index].value.elements)
      #expect(a != start[index])
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }
}
