import Foundation
import Recipes
import Testing
import Training

struct RecipeTests {
  static let full = """
    seed: 7
    model: models/tiny.json
    weights: start.safetensors
    tasks:
      - task: detection
        dataset: {kind: easy-vqa, path: ../data, split: train, evaluation_split: test}
        ratio: 0.4
        batch: 16
        loss_weight: 2
        augment: {flip: true, shift: 8}
      - task: vqa
        dataset: {kind: easy-vqa, path: ../data}
        batch: 32
    steps: 1_000
    optimizer:
      lr: 1.0e-3
      weight_decay: 0.05
      betas: [0.9, 0.98]
      eps: 1e-9
      clip: 0.1
      groups:
        - {match: "backbone.*", lr: 1e-4}
      no_decay: ["*.bias"]
      freeze: ["backbone.stem.*"]
    schedule: {warmup: 50, kind: cosine}
    ema: {decay: 0.999}
    monitor: {metric: vqa/accuracy, better: larger}
    evaluate_every: 500
    checkpoint_every: 250
    log_every: 20
    output: runs/one
    threads: 2
    """
  static let short = """
    model: {width: 8, layers: [1, 2], name: "7", norm: ~, rate: 0.5, deep: yes-please, on: true}
    tasks: [{task: a, dataset: {kind: toy, path: /d}, batch: 1}]
    steps: 5
    optimizer: {lr: 1}
    """

  func read(_ text: String, _ overrides: [String] = []) throws -> Recipe {
    try Recipe(parsing: text, file: "r.yaml", folder: "/home/me/recipes", overrides: overrides)
  }

  @Test func readsPartsAndWhatIsKept() throws {
    let recipe = try read(
      RecipeTests.full,
      [
        "weights={image: ../net.pth, text: minilm}", "cache_frozen=true",
        "tasks.1.questions_per_picture=4",
      ])
    #expect(recipe.weights == nil)
    #expect(recipe.parts?.image == "/home/me/net.pth")
    #expect(recipe.parts?.text == "/home/me/recipes/minilm")
    #expect(recipe.cachesFrozen == true)
    #expect(recipe.tasks[1].questionsPerPicture == 4 && recipe.tasks[0].questionsPerPicture == nil)
    let error = #expect(throws: RecipeError.self) {
      try read(RecipeTests.full, ["tasks.1.questions_per_picture=5"])
    }
    #expect(error?.description.contains("does not divide the batch of 32") == true)
    #expect(throws: RecipeError.self) { try read(RecipeTests.full, ["weights={picture: a}"]) }
  }

  @Test func readsEveryKey() throws {
    let recipe = try read(RecipeTests.full)
    #expect(recipe.seed == 7)
    #expect(recipe.model == .file("/home/me/recipes/models/tiny.json"))
    #expect(recipe.weights == "/home/me/recipes/start.safetensors")
    #expect(recipe.tasks.map(\.task) == ["detection", "vqa"])
    #expect(recipe.tasks[0].dataset.path == "/home/me/data")
    #expect(recipe.tasks[0].dataset.evaluationSplit == "test")
    #expect(recipe.tasks[0].ratio == 0.4 && recipe.tasks[0].lossWeight == 2)
    #expect(recipe.tasks[0].augmentation == .init(flips: true, shift: 8))
    #expect(recipe.tasks[1].dataset.split == "train" && recipe.tasks[1].ratio == 1)
    #expect(recipe.steps == 1000)
    #expect(recipe.optimizer.betas == [0.9, 0.98] && recipe.optimizer.clip == 0.1)
    #expect(recipe.optimizer.epsilon == 1e-9)
    #expect(recipe.optimizer.groups.groups == [.init(match: "backbone.*", learningRate: 1e-4)])
    #expect(recipe.optimizer.groups.withoutDecay == ["*.bias"])
    #expect(recipe.optimizer.groups.frozen == ["backbone.stem.*"])
    #expect(recipe.learningRateSchedule == Schedule(.cosine, warmup: 50, steps: 1000))
    #expect(recipe.average?.decay == 0.999 && recipe.average?.warmsUp == true)
    #expect(recipe.monitor.metric == "vqa/accuracy" && !recipe.monitor.prefersSmaller)
    #expect(recipe.evaluateEvery == 500 && recipe.checkpointEvery == 250 && recipe.logEvery == 20)
    #expect(recipe.output == "/home/me/recipes/runs/one" && recipe.threads == 2)
    let coded = try JSONEncoder().encode(recipe)
    #expect(try JSONDecoder().decode(Recipe.self, from: coded) == recipe)
  }

  @Test func handsAnInlineModelOnAsJSON() throws {
    guard case .inline(let text) = try read(RecipeTests.short).model else {
      Issue.record("the model is not inline")
      return
    }
    let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
    let expected: NSDictionary = [
      "width": 8, "layers": [1, 2], "name": "7", "norm": NSNull(), "rate": 0.5,
      "deep": "yes-please", "on": true,
    ]
    #expect(json == expected)
  }

  @Test func overridesComeBeforeValidation() throws {
    let recipe = try read(
      RecipeTests.short,
      [
        "optimizer.lr=2e-4", "tasks.0.batch=9", "schedule.warmup=3", "seed=12",
        "model={width: 4}", "optimizer.groups=[{match: '*', lr: 3}]",
      ])
    #expect(recipe.optimizer.groups.learningRate == 2e-4)
    #expect(recipe.optimizer.groups.groups.map(\.learningRate) == [3])
    #expect(recipe.tasks[0].batch == 9 && recipe.schedule.warmup == 3 && recipe.seed == 12)
  }

  @Test func numbersMayBeShared() throws {
    let recipe = try read(
      RecipeTests.short.replacing("steps: 5", with: "steps: &n 5").replacing(
        "{lr: 1}", with: "{lr: 1}\nlog_every: *n"))
    #expect(recipe.logEvery == 5)
  }

  @Test(arguments: [
    ("steps: 5", "stps: 5", "line 3: unknown key 'stps'; did you mean 'steps'?"),
    ("steps: 5", "", "the key 'steps' is missing"),
    ("steps: 5", "steps: many", "line 3: 'steps' expects a whole number"),
    ("steps: 5", "steps: 0", "'steps' expects a whole number from 1 to 1000000000, found '0'"),
    ("steps: 5", "steps: \"5\"", "'steps' expects a whole number"),
    ("steps: 5", "steps: [5]", "found a list"),
    ("steps: 5", "steps: 5\nsteps: 6", "stands twice"),
    ("{lr: 1}", "{learning_rate: 1}", "line 4: unknown key 'learning_rate' in 'optimizer'; known"),
    ("{lr: 1}", "{lr: -1}", "'optimizer.lr' expects a number from 0.0 to 1000000.0, found '-1'"),
    ("{lr: 1}", "{lr: .nan}", "expects a number"),
    ("{lr: 1}", "{lr: nan}", "expects a number"),
    ("{lr: 1}", "{lr: 1, betas: [0.9]}", "'optimizer.betas' expects a list of 2 numbers"),
    ("{lr: 1}", "{lr: 1, clip: true}", "'optimizer.clip' expects a number"),
    ("{lr: 1}", "{lr: 1, freeze: a}", "'optimizer.freeze' expects a list, found 'a'"),
    ("{lr: 1}", "5", "'optimizer' expects keys and values, found '5'"),
    ("{lr: 1}", "{lr: 1}\nschedule: {kind: linear}", "'schedule.kind' expects one of cosine"),
    ("{lr: 1}", "{lr: 1}\nschedule: {warmup: 6}", "'schedule.warmup' expects a whole number from"),
    ("{lr: 1}", "{lr: 1}\nema: {decay: 1}", "'ema.decay' expects a number"),
    ("batch: 1", "bacth: 1", "line 2: unknown key 'bacth' in 'tasks[0]'; did you mean 'batch'?"),
    ("batch: 1", "batch: 0", "'tasks[0].batch' expects a whole number from 1 to 65536"),
    ("batch: 1", "batch: 1, ratio: 0", "'tasks' gives every task the ratio 0"),
    ("batch: 1", "batch: 1, steps: 5", "the schedule 'ratios' does not count; leave them out, or"),
    ("{lr: 1}", "{lr: 1}\nsampling: {schedule: round}", "expects one of ratios, task_by_task, alt"),
    ("{lr: 1}", "{lr: 1, layer_decay: 0}", "'optimizer.layer_decay' expects a number from 0.001"),
    ("{lr: 1}", "{lr: 1}\naccumulate: 0", "'accumulate' expects a whole number from 1 to 4096"),
    ("{lr: 1}", "{lr: 1}\nearly_stopping: {patience: 2}", "there are none; set 'evaluate_every'"),
    (
      "{lr: 1}", "{lr: 1}\nevaluate_every: 1\nearly_stopping: {}", "'early_stopping.patience' is mi"
    ),
    ("kind: toy", "knd: toy", "line 2: unknown key 'knd' in 'tasks[0].dataset'; did you mean"),
    ("{lr: 1}", "{lr: 1", "not YAML"),
  ]) func refusesMistakes(old: String, new: String, expected: String) {
    let text = RecipeTests.short.replacing(old, with: new)
    let error = #expect(throws: RecipeError.self) { try read(text) }
    #expect("\(error!)".contains(expected), "\(error!)")
  }

  @Test func readsHowTasksFollowEachOther() throws {
    let recipe = try read(
      RecipeTests.full.replacing("ratio: 0.4", with: "steps: 900").replacing(
        "batch: 32", with: "batch: 32\n    steps: 100"),
      [
        "sampling={schedule: weighted}", "accumulate=4", "early_stopping={patience: 3}",
        "optimizer.layer_decay=0.8",
      ])
    #expect(recipe.sampling == .weighted && recipe.accumulate == 4)
    #expect(recipe.taskSchedule.counts(before: 1000) == [900, 100])
    #expect(recipe.earlyStopping?.patience == 3 && recipe.optimizer.groups.layerDecay == 0.8)
    let coded = try JSONEncoder().encode(recipe)
    #expect(try JSONDecoder().decode(Recipe.self, from: coded) == recipe)
    for (steps, expected) in [
      (800, "has 900 steps in all, expected the run's, 1000"), (nil, "'vqa'"),
    ] {
      let error = #expect(throws: RecipeError.self) {
        try read(
          RecipeTests.full,
          ["sampling={schedule: weighted}", "tasks.0.steps=100"]
            + (steps.map { ["tasks.1.steps=\($0)"] } ?? []))
      }
      #expect("\(error!)".contains(expected), "\(error!)")
    }
  }

  @Test(arguments: [
    ("steps", "--set steps: expected key.path=value"),
    ("=5", "expected key.path=value"),
    ("a..b=5", "the path has an empty part"),
    ("stpes=9", "--set stpes=9: unknown key 'stpes'; did you mean 'steps'?"),
    ("steps=x", "--set steps=x: 'steps' expects a whole number"),
    ("tasks.1.batch=4", "'1' is no position in a list of 1, counted from 0"),
    ("steps.more=4", "there is no 'more' inside the value '5'"),
    ("optimizer={", "not YAML"),
  ]) func refusesBadOverrides(assignment: String, expected: String) {
    let error = #expect(throws: RecipeError.self) { try read(RecipeTests.short, [assignment]) }
    #expect("\(error!)".contains(expected), "\(error!)")
  }

  /// A text whose values multiply by `fan` with every level, written with aliases.
  func bomb(fan: Int, levels: Int) -> String {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...levels {
      let items = [String](repeating: "*a\(level - 1)", count: fan).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(items)]\n"
    }
    return text
  }

  @Test func refusesBombsAndDeepNesting() {
    let deep = "model: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
    let texts: [(String, String)] = [
      (bomb(fan: 9, levels: 9), "more than 32 aliases"),
      (bomb(fan: 9, levels: 9) + "? *a9\n: 1\n", "more than 32 aliases"),
      (bomb(fan: 5, levels: 6), "more than 10000 values"),
      (bomb(fan: 5, levels: 5) + "? *a5\n: 1\n", "more than 10000 values"),
      (deep, "or 32 levels"),
      (String(repeating: "[", count: 200_000), "not YAML"),
      ("", "expected keys and values"), ("- 1", "expected keys and values"),
      ("just words", "expected keys and values"),
    ]
    for (text, expected) in texts {
      let error = #expect(throws: RecipeError.self) { try read(text) }
      #expect("\(error!)".contains(expected), "\(error!)")
    }
  }

  @Test func aMissingFileIsNamed() {
    let error = #expect(throws: RecipeError.self) { try Recipe(contentsOf: "/no/such.yaml") }
    #expect(error!.isMissingFile)
    #expect("\(error!)" == "/no/such.yaml: there is no such file; name a recipe in YAML")
    #expect(throws: RecipeError.self) { try Recipe(contentsOf: "/tmp") }
  }
}
