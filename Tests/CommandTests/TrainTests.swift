import Datasets
import Foundation
import Models
import Testing

struct TrainTests {
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
    ])
    let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("datasets/EasyVQA/Sample").path
    let text = """
      seed: 3
      model: \(model.path)/config.json
      tasks:
        - task: shapes
          dataset: {kind: easy-vqa, path: \(sample), split: train, evaluation_split: test}
          batch: 3
          augment: {flip: true, shift: 2}
        - task: questions
          dataset: {kind: easy-vqa, path: \(sample), split: train, evaluation_split: test}
          batch: 4
      steps: 40
      optimizer: {lr: 1e-3, clip: 1.0}
      schedule: {warmup: 1, kind: cosine}
      ema: {decay: 0.9}
      checkpoint_every: 5
      log_every: 1
      """
    recipe = try folder.file("recipe.yaml", Array(text.utf8))
  }

  private func train(_ arguments: String...) throws -> Execution {
    try unit(raw: (["train", recipe] + arguments).map { Array($0.utf8) })
  }

  private func weights(_ run: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: run + "/checkpoints/last/model.safetensors"))
  }

  @Test func aRunLeavesAModelThatTheOtherCommandsTake() throws {
    let run = folder.path("run")
    let training = try train("--output", run, "--set", "steps=6")
    #expect(training.status == 0, "\(training.errors)")
    #expect(training.text.isEmpty)
    for file in [
      "run.json", "log.jsonl", "results.csv", "checkpoints/best/config.json", "curves.png",
      "curves.svg", "samples/shapes-6.png", "samples/questions-6.png", "checkpoints/best/README.md",
    ] {
      #expect(FileManager.default.fileExists(atPath: run + "/" + file), "\(file)")
    }
    let lines = training.errors.split(separator: "\n").suffix(3).map(String.init)
    #expect(lines[0].hasPrefix("finished at step 6 after "))
    #expect(lines[1] == "model: \(run)/checkpoints/best, described in its README.md")
    #expect(lines[2].hasSuffix("tensorboard --logdir \(run)"))
    let card = try String(contentsOfFile: run + "/checkpoints/best/README.md", encoding: .utf8)
    #expect(card.contains("unit train recipe.yaml --output run --set steps=6"))
    #expect(card.contains("| shapes | easy-vqa | Sample | train |"))
    let picture = try folder.file("a.png", PictureSamples.png)
    let found = try unit("detect", picture, "--model", run + "/checkpoints/best")
    #expect(found.status == 0, "\(found.errors)")
  }

  @Test func theSeedDecidesEveryBit() throws {
    for (name, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
      let run = try train("--output", folder.path(name), "--set", "steps=4", "--seed", seed)
      #expect(run.status == 0, "\(run.errors)")
    }
    #expect(try weights(folder.path("a")) == weights(folder.path("b")))
    #expect(try weights(folder.path("a")) != weights(folder.path("c")))
  }

  @Test(arguments: [(SIGINT, 130), (SIGKILL, nil)] as [(Int32, Int32?)])
  func whatWasStoppedGoesOnBitForBit(signal: Int32, status: Int32?) throws {
    let straight = folder.path("straight")
    #expect(try train("--output", straight).status == 0)
    let stopped = folder.path("stopped")
    let input = try folder.file("input", [])
    var process = try Spawn(
      ["train", recipe, "--output", stopped].map { Array($0.utf8) }, input: input,
      output: folder.path("out"), errors: folder.path("err"))
    while !FileManager.default.fileExists(atPath: stopped + "/checkpoints/last/state.json") {
      usleep(1000)
    }
    kill(process.id, signal)
    #expect(process.wait().status == status)
    if status != nil {
      let errors = try String(contentsOfFile: folder.path("err"), encoding: .utf8)
      #expect(errors.contains("--resume"), "\(errors)")
    }
    let resumed = try train("--output", stopped, "--resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try weights(straight) == weights(stopped))
  }

  @Test func timeLimitEndsWithAModel() throws {
    let run = try train("--output", folder.path("run"), "--max-time", "0.001s")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("stopped by --max-time"))
    expectFailure(try train("--output", "x", "--max-time", "soon"), 64, saying: "--max-time")
  }

  @Test func badRecipes() throws {
    expectFailure(
      try unit("train", folder.path("recipes.yaml"), "--output", "x"), 66, saying: "recipes.yaml")
    expectFailure(try train(), 64, saying: "--output")
    expectFailure(
      try train("--output", "x", "--set", "stpes=3"), 64, saying: "--set", "steps")
    let text = try String(contentsOfFile: recipe, encoding: .utf8)
    func refused(_ from: String, _ to: String, _ status: Int32, _ words: String) throws {
      try folder.file("recipe.yaml", Array(text.replacing(from, with: to).utf8))
      expectFailure(try train("--output", folder.path("bad")), status, saying: words)
    }
    try refused("optimizer:", "optimiser:", 65, "optimizer")
    try refused("steps: 40", "steps: many", 65, "line")
    try refused("task: shapes", "task: shape", 64, "Did you mean 'shapes'?")
    try refused("kind: easy-vqa", "kind: easy-vka", 64, "easy-vqa")
    try refused("split: train", "split: training", 64, "train")
    try refused("config.json", "confog.json", 66, "confog.json")
    try refused("seed: 3", "seed: [", 65, "recipe.yaml")
    try folder.file("recipe.yaml", [0xFF, 0xFE])
    expectFailure(try train("--output", "x"), 65, saying: "UTF-8")
  }

  @Test func runsAreNotMixedUp() throws {
    let run = folder.path("run")
    expectFailure(try train("--output", run, "--resume"), 66, saying: "no checkpoint")
    #expect(try train("--output", run, "--set", "steps=2").status == 0)
    expectFailure(try train("--output", run, "--set", "steps=2"), 73, saying: "--resume")
    expectFailure(
      try train("--output", run, "--set", "steps=2", "--set", "optimizer.lr=1", "--resume"), 65,
      saying: "changed")
  }
}
