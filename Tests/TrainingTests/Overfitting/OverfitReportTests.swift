import Testing

@testable import Training

struct OverfitReportTests {
  func report(
    _ value: Double, rollbacks: Int = 0, diagnostics: [(name: String, value: Float)] = [],
    count: Int = 300, loss: (Int) -> Float
  ) -> OverfitReport {
    var watch = TrainingWatch()
    for index in 0..<count {
      watch.add(
        [("loss", loss(index)), ("class", loss(index)), ("box", 2)] + diagnostics, of: "a")
    }
    return OverfitReport(
      samples: 8, tasks: ["a"], metrics: [("a/AP", 0.3), ("a/AP50", value)], watch: watch,
      rollbacks: rollbacks)
  }

  @Test func aModelThatKnowsItsSamplesPasses() {
    let report = report(0.95) { 1 / Float($0 + 1) }
    #expect(report.isReached && report.tasks[0].findings.isEmpty)
    #expect(report.line == "a AP50 0.950")
    #expect(!self.report(0.9) { _ in 1 }.isReached)
  }

  static let courses: [(words: String, course: Int, diagnostics: [(name: String, value: Float)])] =
    [
      ("the outputs are the same for every picture", 1, [("picture_dependence", 0.001)]),
      ("12 % of the true boxes are covered", 1, [("matched_fraction", 0.12)]),
      ("these parts of the loss did not fall: box (2 at first, 2 at last)", 1, []),
      ("still falling (0.976 at first", 1, []),
      ("'steps' are too few or 'optimizer.lr' is too small", 1, []),
      ("rose again (0.0475 at first", 2, []), ("'optimizer.lr' is too large", 2, []),
      ("hardly moved", 3, []),
      ("'optimizer.lr' is too small, or what has to learn is frozen", 3, []),
      ("the answers are wrong all the same", 4, []),
    ]

  @Test(arguments: 0..<courses.count) func saysWhatIsWrong(place: Int) {
    let (words, course, diagnostics) = Self.courses[place]
    let report = report(0.1, diagnostics: diagnostics) { step in
      switch course {
      case 1: 1 - Float(step) / 400
      case 2: Float(step) / 200
      case 3: 1
      default: 1 / Float(1 + step * step)
      }
    }
    let text = report.tasks[0].findings.joined(separator: "; ")
    #expect(text.contains(words), "\(text)")
    let failure = "\(OverfitFailure(report))"
    #expect(
      failure.hasPrefix(
        "the model did not learn 8 samples by heart: task 'a' has AP50 0.100, expected more than 0.9"
          + "\n"))
    #expect(failure.contains(text))
  }

  @Test func infiniteNumbersAreTold() {
    let text = report(0, rollbacks: 2) { _ in 1 }.tasks[0].findings[0]
    #expect(text == "the numbers became infinite 2 times: 'optimizer.lr' is too large")
  }

  @Test func aTaskThatWasNeverTrainedIsTold() {
    let report = report(0, count: 0) { _ in 1 }
    #expect(
      report.tasks[0].findings == ["the task was never trained: check its ratio and the steps"])
  }

  @Test func theRecipeOfAnOverfittingHasNothingRandom() throws {
    let recipe = try Recipe(
      parsing: RecipeTests.full, file: "r.yaml", folder: "/r"
    ).overfitting(12)
    #expect(recipe.tasks.allSatisfy { $0.augmentation == PictureAugmentation() })
    #expect(recipe.tasks.map(\.batch) == [12, 12] && recipe.average == nil)
    #expect(recipe.evaluateEvery == 100 && recipe.steps == 1000)
  }
}
