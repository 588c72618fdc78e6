import Foundation
import Testing
import Training

struct EarlyStoppingTests {
  /// A trainer whose metric is best at the evaluation of step `best`.
  func trainer(
    _ folder: String, best: Int, resumes: Bool = false, patience: Int = 2, model: Toy = Toy()
  ) throws -> Trainer<Toy> {
    let trainer = try Toy.trainer(
      folder, resumes: resumes,
      overrides: ["evaluate_every=4", "early_stopping={patience: \(patience)}"], model: model)
    trainer.evaluate = { step in [("height", -abs(Double(step - best)))] }
    return trainer
  }

  @Test func endsAfterThePatience() throws {
    let folder = TemporaryFolder()
    let outcome = try trainer(folder.path, best: 12).runUndisturbed()
    #expect(outcome.isFinished && outcome.step == 20 && outcome.best == 0)
    #expect(folder.exists("checkpoints/last/state.json"))
    // A run that ended stays so.
    #expect(try trainer(folder.path, best: 12, resumes: true).runUndisturbed().step == 20)
    // More patience lets it go on: it has no influence on the weights of any step.
    let more = try trainer(folder.path, best: 12, resumes: true, patience: 3).runUndisturbed()
    #expect(more.step == 24)
  }

  @Test func goesOnWhileItGetsBetter() throws {
    let outcome = try trainer(TemporaryFolder().path, best: 40).runUndisturbed()
    #expect(outcome.isFinished && outcome.step == 40)
  }

  @Test func theCountSurvivesAKill() async throws {
    let folder = TemporaryFolder()
    let straight = Toy()
    _ = try trainer(folder.path + "-straight", best: 16, model: straight).runUndisturbed()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
      let trainer = try EarlyStoppingTests().trainer(path, best: 16)
      // The checkpoint of step 20 knows of one evaluation without a better value.
      trainer.afterStep = { if $0 == 23 { kill(getpid(), SIGKILL) } }
      _ = try trainer.runUndisturbed()
    }
    let model = Toy(seed: 77)
    let outcome = try trainer(folder.path, best: 16, resumes: true, model: model).runUndisturbed()
    #expect(outcome.step == 24 && model.bits == straight.bits)
    try? FileManager.default.removeItem(atPath: folder.path + "-straight")
  }
}
