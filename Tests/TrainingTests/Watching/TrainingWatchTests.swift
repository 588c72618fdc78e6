import Foundation
import Testing

@testable import Training

struct TrainingWatchTests {
  func watch(
    _ count: Int = TrainingWatch.block, loss: (Int) -> Float = { _ in 1 },
    _ diagnostics: [(name: String, value: Float)] = []
  ) -> TrainingWatch {
    var watch = TrainingWatch()
    for index in 0..<count { watch.add([("loss", loss(index))] + diagnostics, of: "a") }
    return watch
  }

  func names(_ watch: TrainingWatch) -> [String] {
    Disease.warnings(of: "a", in: watch).map(\.name)
  }

  @Test func tellsALossThatStays() {
    #expect(names(watch()) == ["loss_not_falling"])
    #expect(names(watch { $0 % 2 == 0 ? 0.5 : 1.5 }) == ["loss_not_falling"])
    #expect(names(watch { 1 / Float($0 + 1) }) == [])
    // One that fell and rose again did fall.
    #expect(names(watch { abs(250 - Float($0)) }) == [])
    // Too early to tell.
    #expect(names(watch(499)) == [])
  }

  @Test func tellsDetectorsThatFindNothing() {
    let falls: (Int) -> Float = { 1 / Float($0 + 1) }
    #expect(names(watch(loss: falls, [("matched_fraction", 0.02)])) == ["few_matches"])
    #expect(names(watch(loss: falls, [("matched_fraction", 0.4)])) == [])
    #expect(names(watch(loss: falls, [("picture_dependence", 0)])) == ["ignores_picture"])
    #expect(names(watch(loss: falls, [("picture_dependence", 0.3)])) == [])
    for warning in Disease.warnings(of: "a", in: watch(loss: falls, [("matched_fraction", 0)])) {
      #expect(warning.line.hasPrefix("task 'a': 0 % of the true boxes") && !warning.advice.isEmpty)
    }
  }

  @Test func tellsClippingThatNeverEnds() {
    var watch = TrainingWatch()
    var told: [Int] = []
    for step in 0..<1000 { told += [watch.addStep(isClipped: step != 7)].compactMap { $0 } }
    #expect(told == [499, 500])
    #expect(Disease.warning(clipped: 499, of: 500, maximum: 0.1) != nil)
    #expect(Disease.warning(clipped: 400, of: 500, maximum: 0.1) == nil)
    #expect(Disease.warning(clipped: 500, of: 500, maximum: nil) == nil)
  }

  @Test func warnsOnceOnly() throws {
    var watch = TrainingWatch()
    let warning = TrainingWarning(name: "x", task: "a", text: "", advice: "")
    let isNew = (0..<2).map { _ in watch.isNew(warning) }
    #expect(isNew == [true, false])
    let coded = try JSONDecoder().decode(TrainingWatch.self, from: JSONEncoder().encode(watch))
    #expect(coded == watch)
  }

  @Test func valuesThatAreNoNumbersDoNotCount() {
    let watch = watch(4) { $0 == 2 ? .nan : 1 }
    #expect(watch.trend("a", "loss")?.count == 3 && watch.trend("a", "loss")?.recent == 1)
  }

  /// The log of a run that learns nothing, also where it was stopped on the way.
  @Test func aRunThatLearnsNothingSaysSo() throws {
    func warnings(stop: Int?) throws -> [[String: String]] {
      let folder = TemporaryFolder()
      let overrides = [
        "optimizer.lr=0", "optimizer.groups=[]", "optimizer.clip=1e-6", "steps=1100",
        "tasks.1.ratio=0", "checkpoint_every=400", "evaluate_every=0", "log_every=100",
      ]
      var model = Toy()
      model.diagnostics = [("matched_fraction", 0.01)]
      if let stop {
        let trainer = try Toy.trainer(folder.path, overrides: overrides, model: model)
        var done = 0
        trainer.afterStep = { done = $0 }
        trainer.isInterrupted = { done == stop }
        #expect(throws: Interrupted.self) { try trainer.runUndisturbed() }
      }
      _ = try Toy.trainer(
        folder.path, resumes: stop != nil, overrides: overrides, model: model
      ).runUndisturbed()
      return try folder.text("log.jsonl").split(separator: "\n").compactMap { line in
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as! [String: Any]
        guard let name = object["warning"] as? String else {
          #expect((object["diagnostics"] as? [String: Double])?["matched_fraction"] == 0.01)
          return nil
        }
        return ["name": name, "step": "\(object["step"]!)", "text": object["text"] as! String]
      }
    }
    let straight = try warnings(stop: nil)
    #expect(
      straight.map { $0["name"] } == ["loss_not_falling", "few_matches", "always_clipped"])
    #expect(straight.allSatisfy { $0["step"] == "500" })
    #expect(try warnings(stop: 470) == straight)
    #expect(try warnings(stop: 730) == straight)
  }
}
