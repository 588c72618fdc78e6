import Checkpoints
import Foundation
import Tensors
import Testing
import Training

/// A resumed run must end with the bits of one that was never stopped.
struct ResumeTests {
  /// Weights, moments and average after 40 steps without a stop.
  func straight(_ overrides: [String] = []) throws -> (Toy, TemporaryFolder) {
    let folder = TemporaryFolder()
    let model = Toy()
    let outcome = try Toy.trainer(folder.path, overrides: overrides, model: model).runUndisturbed()
    #expect(outcome.isFinished && outcome.step == 40)
    return (model, folder)
  }

  func expectSameEnd(_ folder: TemporaryFolder, _ model: Toy) throws {
    let (reference, straight) = try straight()
    #expect(model.bits == reference.bits)
    for name in ["model", "optimizer", "average"] {
      let path = "checkpoints/last/\(name).safetensors"
      #expect(folder.text(path) == straight.text(path) && !folder.text(path).isEmpty)
    }
    let best = "checkpoints/best/model.safetensors"
    #expect(folder.text(best) == straight.text(best))
    #expect(steps(folder) == Array(1...40))
    #expect(losses(folder) == losses(straight))
    #expect(rows(folder) == ["10", "20", "30", "40"])
  }

  func steps(_ folder: TemporaryFolder) -> [Int] { lines(folder).map { $0["step"] as! Int } }
  func losses(_ folder: TemporaryFolder) -> [Double] {
    lines(folder).map { $0["loss"] as! Double }
  }
  func lines(_ folder: TemporaryFolder) -> [[String: Any]] {
    folder.text("log.jsonl").split(separator: "\n").map {
      try! JSONSerialization.jsonObject(with: Data($0.utf8)) as! [String: Any]
    }
  }
  func rows(_ folder: TemporaryFolder) -> [String] {
    folder.text("results.csv").split(separator: "\n").dropFirst().map {
      String($0.prefix { $0 != "," })
    }
  }

  @Test func killedAtTheCheckpointAndResumed() async throws {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
      let trainer = try Toy.trainer(path)
      trainer.afterStep = { if $0 == 20 { kill(getpid(), SIGKILL) } }
      _ = try trainer.runUndisturbed()
    }
    let model = Toy(seed: 1234)
    _ = try Toy.trainer(folder.path, resumes: true, model: model).runUndisturbed()
    try expectSameEnd(folder, model)
  }

  @Test func killedBetweenCheckpointsAndResumed() async throws {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
      let trainer = try Toy.trainer(path)
      trainer.afterStep = { if $0 == 27 { kill(getpid(), SIGKILL) } }
      _ = try trainer.runUndisturbed()
    }
    #expect(steps(folder) == Array(1...27))
    let model = Toy(seed: 1234)
    _ = try Toy.trainer(folder.path, resumes: true, model: model, threads: 3).runUndisturbed()
    try expectSameEnd(folder, model)
  }

  @Test(arguments: ["filesWritten", "previousSetAside", "renamed"])
  func killedWhileSavingAndResumed(stage: String) async throws {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String, stage] in
      let trainer = try Toy.trainer(path)
      var saves = 0
      trainer.whileSaving = {
        if $0 == stage { saves += 1 }
        if saves == 3 { kill(getpid(), SIGKILL) }
      }
      _ = try trainer.runUndisturbed()
    }
    let model = Toy(seed: 1234)
    let trainer = try Toy.trainer(folder.path, resumes: true, model: model)
    var first: Int?
    trainer.afterStep = { first = first ?? $0 }
    _ = try trainer.runUndisturbed()
    #expect(first == 31)
    try expectSameEnd(folder, model)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/checkpoints")
    #expect(left.sorted() == ["best", "last"])
  }

  @Test func killedBeforeTheFirstCheckpointBeginsAgain() async throws {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
      let trainer = try Toy.trainer(path)
      trainer.afterStep = { if $0 == 7 { kill(getpid(), SIGKILL) } }
      _ = try trainer.runUndisturbed()
    }
    let model = Toy()
    _ = try Toy.trainer(folder.path, resumes: true, model: model).runUndisturbed()
    try expectSameEnd(folder, model)
  }

  @Test func aSignalFinishesTheStepAndSaves() async throws {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .exitCode(130)) { [path = folder.path as String] in
      let trainer = try Toy.trainer(path)
      trainer.isInterrupted = { Interruption.isRequested }
      trainer.afterStep = { if $0 == 13 { signalAndWait(SIGINT) } }
      do { _ = try trainer.runUndisturbed() } catch let error as Interrupted {
        #expect("\(error)".hasPrefix("interrupted after step 13, saved in "))
        exit(130)
      }
    }
    let model = Toy(seed: 1234)
    let trainer = try Toy.trainer(folder.path, resumes: true, model: model)
    var first: Int?
    trainer.afterStep = { first = first ?? $0 }
    _ = try trainer.runUndisturbed()
    #expect(first == 14)
    try expectSameEnd(folder, model)
  }

  @Test func aSecondSignalEndsTheProgramAtOnce() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      Interruption.watch()
      signalAndWait(SIGTERM)
      kill(getpid(), SIGTERM)
      sleep(10)
    }
  }

  @Test func theTimeLimitSavesAndIsContinued() throws {
    let folder = TemporaryFolder()
    let outcome = try Toy.trainer(folder.path, seconds: 0).runUndisturbed()
    #expect(!outcome.isFinished && outcome.step == 0)
    let model = Toy(seed: 1234)
    _ = try Toy.trainer(folder.path, resumes: true, model: model).runUndisturbed()
    try expectSameEnd(folder, model)
  }

  @Test func aFinishedRunIsLeftAsItIs() throws {
    let (reference, folder) = try straight()
    let before = folder.text("log.jsonl")
    let model = Toy(seed: 1234)
    let outcome = try Toy.trainer(folder.path, resumes: true, model: model).runUndisturbed()
    #expect(outcome.isFinished && model.bits == reference.bits)
    #expect(folder.text("log.jsonl") == before)
  }

  @Test func threadsDoNotChangeTheBits() throws {
    let (reference, _) = try straight()
    let model = Toy()
    let folder = TemporaryFolder()
    _ = try Toy.trainer(folder.path, model: model, threads: 4).runUndisturbed()
    #expect(model.bits == reference.bits)
  }
}

/// Signals this process and waits until the signal was noted: another thread receives it.
private func signalAndWait(_ number: Int32) {
  kill(getpid(), number)
  for _ in 0..<1000 where !Interruption.isRequested { usleep(10_000) }
}
