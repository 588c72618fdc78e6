import Checkpoints
import Foundation
import Tensors
import Testing
import Training

struct TrainerTests {
  @Test func writesTheWholeFolder() throws {
    let folder = TemporaryFolder()
    let model = Toy()
    let trainer = try Toy.trainer(folder.path, overrides: ["log_every=7"], model: model)
    trainer.describeModel = { folder in
      try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/config.json"))
    }
    let outcome = try trainer.runUndisturbed()
    #expect(outcome.isFinished && outcome.best != nil)
    let run = try JSONSerialization.jsonObject(with: Data(folder.text("run.json").utf8))
    let fields = try #require(run as? [String: Any])
    #expect(fields["seed"] as? Int == 3 && fields["firstStep"] as? Int == 0)
    #expect(fields["parameters"] as? Int == 16 * 6 + 16 + 2 * (3 * 16 + 3))
    let lines = folder.text("log.jsonl").split(separator: "\n")
    #expect(lines.count == 6)  // 7, 14, 21, 28, 35 and the last, 40
    let first = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    for key in [
      "step", "task", "loss", "terms", "lr", "grad_norm", "samples_per_second", "elapsed",
    ] { #expect(first[key] != nil, "\(key)") }
    #expect((first["terms"] as? [String: Double])?["square"] == first["loss"] as? Double)
    let rows = folder.text("results.csv").split(separator: "\n")
    #expect(rows.count == 5 && rows[0] == "step,elapsed,weight,two")
    for name in ["last", "best"] {
      #expect(folder.exists("checkpoints/\(name)/config.json"))
      #expect(folder.exists("checkpoints/\(name)/state.json"))
    }
    let weights = try SafetensorsFile(
      contentsOf: folder.path + "/checkpoints/last/model.safetensors")
    #expect(try weights.tensor("left.bias").elements == model.parameters[3].value.elements)
  }

  @Test func evaluatesAtTheEndAlsoWhereACheckpointIsDue() throws {
    let folder = TemporaryFolder()
    let outcome = try Toy.trainer(
      folder.path, overrides: ["evaluate_every=0", "checkpoint_every=10"]
    ).runUndisturbed()
    #expect(outcome.best != nil)
    #expect(folder.text("results.csv").split(separator: "\n").count == 2)
    #expect(folder.exists("checkpoints/best/model.safetensors"))
  }

  @Test func learns() throws {
    let folder = TemporaryFolder()
    _ = try Toy.trainer(folder.path, overrides: ["steps=400", "ema=~"]).runUndisturbed()
    let losses = try folder.text("log.jsonl").split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as! [String: Any]
      return object["loss"] as! Double
    }
    let begin = losses.prefix(20).reduce(0, +)
    let end = losses.suffix(20).reduce(0, +)
    #expect(end < 0.25 * begin, "\(begin) -> \(end)")
  }

  @Test func bestHoldsTheAveragedWeights() throws {
    let folder = TemporaryFolder()
    let model = Toy()
    let trainer = try Toy.trainer(
      folder.path, overrides: ["monitor={metric: height}"], model: model)
    var seen: [Int: [Float]] = [:]
    trainer.evaluate = { step in
      seen[step] = model.parameters[0].value.elements
      return [("other", 1), ("height", step == 20 ? 5 : 1)]
    }
    let outcome = try trainer.runUndisturbed()
    #expect(outcome.best == 5 && seen.keys.sorted() == [10, 20, 30, 40])
    let best = try SafetensorsFile(
      contentsOf: folder.path + "/checkpoints/best/model.safetensors")
    #expect(try best.tensor("shared.weight").elements == seen[20])
    #expect(model.parameters[0].value.elements != seen[40])
  }

  @Test func aHeadLearnsInItsOwnStepsOnly() throws {
    let folder = TemporaryFolder()
    let model = Toy()
    let before = model.bits
    _ = try Toy.trainer(
      folder.path, overrides: ["tasks.1.ratio=0", "optimizer.weight_decay=0.5"], model: model
    ).runUndisturbed()
    #expect(model.bits[0] != before[0] && model.bits[2] != before[2])
    #expect(model.bits[4] == before[4] && model.bits[5] == before[5])
  }

  @Test func notANumberStopsTheRun() throws {
    let folder = TemporaryFolder()
    let model = Toy(poisonedStep: 13)
    let error = #expect(throws: TrainingError.self) {
      try Toy.trainer(folder.path, model: model).runUndisturbed()
    }
    let text = "\(error!)"
    #expect(text.hasPrefix("the loss became infinite or not a number at step 13, task '"))
    #expect(text.contains("square nan"))
    // The checkpoint of step 10 is whole and continues.
    _ = try Toy.trainer(folder.path, resumes: true).runUndisturbed()
  }

  @Test func anotherRunIsNotOverwritten() throws {
    let folder = TemporaryFolder()
    _ = try Toy.trainer(folder.path, seconds: 0).runUndisturbed()
    let error = #expect(throws: TrainingError.self) {
      try Toy.trainer(folder.path).runUndisturbed()
    }
    #expect(error == .runExists(folder: folder.path))
    let missing = TemporaryFolder()
    #expect(throws: TrainingError.noCheckpoint(folder: missing.path, refused: [])) {
      try Toy.trainer(missing.path, resumes: true).runUndisturbed()
    }
  }

  @Test(arguments: [
    ("optimizer.lr=0.03", "toy", "recipe"), ("seed=4", "toy", "recipe"),
    ("log_every=2", "other", "data of 'left'"),
    ("optimizer.freeze=[left.*]", "toy", "model, recipe"),
  ]) func changesAreRefusedUnlessAllowed(
    override: String, fingerprint: String, what: String
  ) throws {
    let folder = TemporaryFolder()
    _ = try Toy.trainer(folder.path).runUndisturbed()
    let error = #expect(throws: TrainingError.self) {
      try Toy.trainer(
        folder.path, resumes: true, overrides: [override, "steps=40"], fingerprint: fingerprint
      ).runUndisturbed()
    }
    #expect(
      error
        == .changedSinceCheckpoint(what: what, path: folder.path + "/checkpoints/last"))
    let outcome = try Toy.trainer(
      folder.path, resumes: true, allowsChange: true, overrides: [override, "steps=50"],
      fingerprint: fingerprint
    ).runUndisturbed()
    #expect(outcome.step == 50)
  }

  @Test func changesWithoutInfluenceAreAllowed() throws {
    let folder = TemporaryFolder()
    _ = try Toy.trainer(folder.path, seconds: 0).runUndisturbed()
    let outcome = try Toy.trainer(
      folder.path, resumes: true,
      overrides: ["log_every=5", "evaluate_every=0", "threads=1", "output=x"]
    ).runUndisturbed()
    #expect(outcome.isFinished)
  }

  @Test(arguments: ["model.safetensors", "optimizer.safetensors", "state.json"])
  func damageIsFound(file: String) throws {
    let folder = TemporaryFolder()
    _ = try Toy.trainer(folder.path).runUndisturbed()
    let path = folder.path + "/checkpoints/last/" + file
    var data = try #require(FileManager.default.contents(atPath: path))
    data[data.count - 20] ^= 4
    try data.write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: TrainingError.self) {
      try Toy.trainer(folder.path, resumes: true).runUndisturbed()
    }
    #expect("\(error!)".contains("the checkpoint is damaged: \(file)"), "\(error!)")
    try data.dropLast(100).write(to: URL(fileURLWithPath: path))
    #expect(throws: TrainingError.self) {
      try Toy.trainer(folder.path, resumes: true).runUndisturbed()
    }
  }

  @Test func anUnknownMetricIsNamed() throws {
    let folder = TemporaryFolder()
    let error = #expect(throws: TrainingError.self) {
      try Toy.trainer(folder.path, overrides: ["monitor={metric: ap}"]).runUndisturbed()
    }
    #expect(error == .metricMissing(metric: "ap", known: ["weight", "two"]))
  }
}
