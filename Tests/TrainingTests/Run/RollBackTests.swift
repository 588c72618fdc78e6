import Foundation
import Tensors
import Testing
import Training

/// A run whose loss is no number goes back and halves its learning rate.
struct RollBackTests {
  func lines(_ folder: TemporaryFolder) throws -> [[String: Any]] {
    try folder.text("log.jsonl").split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as! [String: Any]
    }
  }

  func trainer(_ path: String, resumes: Bool = false, model: Fragile) throws -> Trainer<Fragile> {
    let recipe = try Toy.recipe()
    var options = Trainer<Fragile>.Options()
    options.isQuiet = true
    options.resumes = resumes
    let trainer = try Trainer(
      model, recipe: recipe,
      sources: [
        "left": try Toy.source("left", seed: recipe.seed),
        "right": try Toy.source("right", seed: recipe.seed),
      ], folder: path, options: options)
    trainer.isInterrupted = { false }
    trainer.evaluate = { step in [("step", Double(step))] }
    return trainer
  }

  @Test func goesOnWithHalfTheRate() throws {
    let folder = TemporaryFolder()
    var model = Toy(poisonedStep: 13)
    model.recovers = true
    let outcome = try Toy.trainer(folder.path, model: model).runUndisturbed()
    #expect(outcome.isFinished && outcome.step == 40 && !folder.exists("nan.json"))
    let lines = try lines(folder)
    let warnings = lines.filter { $0["warning"] != nil }
    #expect(warnings.count == 1 && warnings[0]["warning"] as? String == "rolled_back")
    let text = try #require(warnings[0]["text"] as? String)
    #expect(text.contains("the loss became infinite or not a number at step 13"))
    #expect(text.contains("back at step 10 with half the learning rate (1 of 3 times)"))
    let steps = lines.filter { $0["loss"] != nil }
    #expect(steps.map { $0["step"] as? Int } == Array(1...40))
    let straight = TemporaryFolder()
    _ = try Toy.trainer(straight.path).runUndisturbed()
    let rates = try self.lines(straight).map { $0["lr"] as! Double }
    // A number loses its last bit in JSON.
    for (step, (line, rate)) in zip(steps, rates).enumerated() {
      #expect(abs(line["lr"] as! Double - (step < 10 ? rate : rate / 2)) < 1e-15)
    }
    #expect(folder.text("results.csv").split(separator: "\n").count == 5)
  }

  @Test func beforeTheFirstCheckpointItBeginsAgain() throws {
    let folder = TemporaryFolder()
    var model = Toy(poisonedStep: 4)
    model.recovers = true
    #expect(try Toy.trainer(folder.path, model: model).runUndisturbed().isFinished)
    #expect(try lines(folder)[0]["step"] as? Int == 1)
    #expect((try lines(folder)[0]["text"] as? String)?.contains("back at step 0") == true)
  }

  @Test func givesUpAndNamesTheSamples() throws {
    let folder = TemporaryFolder()
    let error = #expect(throws: TrainingError.self) {
      try Toy.trainer(folder.path, model: Toy(poisonedStep: 13)).runUndisturbed()
    }
    #expect("\(error!)".contains("after the learning rate was halved 3 times"))
    #expect("\(error!)".contains("nan.json"))
    let text = Data(folder.text("nan.json").utf8)
    let object = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
    #expect(object["step"] as? Int == 13 && object["what"] as? String == "loss")
    #expect(object["rollbacks"] as? Int == 3)
    #expect((object["terms"] as? [String: Any])?["square"] as? String == "nan")
    let samples = try #require(object["samples"] as? [String])
    #expect(samples.count == 5 && samples[0].hasPrefix("sample "))
  }

  @Test func gradientsAndWeightsCountAsWell() throws {
    // The weights are looked at when a checkpoint is due.
    for (what, step) in [(Fragile.Break.gradient, 27), (.weights, 30)] {
      let folder = TemporaryFolder()
      let model = Fragile(breaks: what, at: step)
      _ = try trainer(folder.path, model: model).runUndisturbed()
      let warnings = try lines(folder).compactMap { $0["warning"] != nil ? $0["text"] : nil }
      #expect(warnings.count == 1, "\(what)")
      #expect("\(warnings)".contains("the \(what) became infinite"), "\(warnings)")
    }
  }

  /// The bits of a run that broke down at step 27 and was not stopped.
  func straight() throws -> (model: Fragile, folder: TemporaryFolder) {
    let folder = TemporaryFolder()
    let model = Fragile(breaks: .loss)
    _ = try trainer(folder.path, model: model).runUndisturbed()
    #expect(try lines(folder).count { $0["warning"] != nil } == 1)
    return (model, folder)
  }

  func expectSameEnd(_ folder: TemporaryFolder, _ model: Fragile) throws {
    let (reference, straight) = try straight()
    #expect(model.toy.bits == reference.toy.bits)
    for name in ["model", "optimizer", "average"] {
      let path = "checkpoints/last/\(name).safetensors"
      #expect(folder.text(path) == straight.text(path) && !folder.text(path).isEmpty)
    }
    let (a, b) = (try lines(folder), try lines(straight))
    #expect(a.map { $0["step"] as! Int } == b.map { $0["step"] as! Int })
    #expect(a.map { $0["text"] as? String } == b.map { $0["text"] as? String })
    #expect(a.map { $0["lr"] as? Double } == b.map { $0["lr"] as? Double })
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/checkpoints")
    #expect(left.sorted() == ["best", "last"])
  }

  /// Stopped before the fault, after it and before the next checkpoint, and after that.
  @Test(arguments: [23, 127, 124, 138]) func killedAndResumed(moment: Int) async throws {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.path as String, moment] in
      let trainer = try RollBackTests().trainer(path, model: Fragile(breaks: .loss))
      // Steps of the second try count from 100 here.
      var last = 0
      var isSecond = false
      trainer.afterStep = { step in
        if step <= last { isSecond = true }
        last = step
        if (isSecond ? 100 : 0) + step == moment { kill(getpid(), SIGKILL) }
      }
      _ = try trainer.runUndisturbed()
    }
    let model = Fragile(breaks: .loss, seed: 1234)
    _ = try trainer(folder.path, resumes: true, model: model).runUndisturbed()
    try expectSameEnd(folder, model)
  }

  /// The checkpoint of an interruption is no place to return to: with it the learning rate would be
  /// halved at another step.
  @Test(arguments: [4, 23, 26]) func interruptedAndResumed(step: Int) throws {
    let folder = TemporaryFolder()
    let stopped = try trainer(folder.path, model: Fragile(breaks: .loss))
    var done = 0
    stopped.afterStep = { done = $0 }
    stopped.isInterrupted = { done == step }
    #expect(throws: Interrupted.self) { try stopped.runUndisturbed() }
    #expect(folder.exists("checkpoints/anchor/state.json"))
    let model = Fragile(breaks: .loss, seed: 1234)
    _ = try trainer(folder.path, resumes: true, model: model).runUndisturbed()
    try expectSameEnd(folder, model)
  }

  /// As above, where the fault comes before the first checkpoint that the recipe asks for.
  @Test func interruptedAtTheVeryBeginning() throws {
    let straight = Fragile(breaks: .loss, at: 7)
    _ = try trainer(TemporaryFolder().path, model: straight).runUndisturbed()
    let folder = TemporaryFolder()
    let stopped = try trainer(folder.path, model: Fragile(breaks: .loss, at: 7))
    var done = 0
    stopped.afterStep = { done = $0 }
    stopped.isInterrupted = { done == 5 }
    #expect(throws: Interrupted.self) { try stopped.runUndisturbed() }
    let model = Fragile(breaks: .loss, seed: 1234, at: 7)
    _ = try trainer(folder.path, resumes: true, model: model).runUndisturbed()
    #expect(model.toy.bits == straight.toy.bits)
  }
}
