import Foundation
import Recipes
import Testing

@testable import Training

struct TablePlanTests {
  @Test func rowsGetTheirModelsAndShares() throws {
    let tiny = try TinyTable()
    let plan = try tiny.plan()
    #expect(
      plan.runs.map(\.name) == [
        "seed-4/single/shapes", "seed-4/single/questions", "seed-4/single/mood",
        "seed-4/separate", "seed-4/shared", "seed-4/detector_first",
      ])
    #expect(plan.columns.map(\.name) == ["shapes/AP", "questions/accuracy", "mood/accuracy"])
    #expect(plan.runs.map(\.recipe.steps) == [51, 30, 20, 101, 101, 101])
    #expect(plan.runs.map(\.recipe.schedule.warmup) == [5, 3, 2, 10, 10, 10])
    #expect(plan.runs.map(\.recipe.evaluateEvery) == [25, 15, 10, 50, 50, 50])
    let joint = [String?](repeating: "shapes/AP50", count: 3)
    #expect(plan.runs.map(\.recipe.monitor.metric) == ["shapes/AP50", nil, nil] + joint)
    let models = plan.runs.map(\.configuration)
    #expect(models.map { $0.image != nil } == [true, true, false, true, true, true])
    #expect(models.map { $0.text != nil } == [false, true, true, true, true, true])
    #expect(models.map(\.decoder.isShared) == [true, true, true, false, true, true])
    #expect(models.map(\.tasks.count) == [1, 1, 1, 3, 3, 3])
    // Patterns of encoders that a model lacks are left out.
    let groups = plan.runs.map(\.recipe.optimizer.groups)
    #expect(groups.map(\.groups.count) == [1, 1, 0, 1, 1, 1])
    #expect(groups.map(\.withoutDecay.count) == [0, 1, 1, 1, 1, 1])
    // A shared decoder is smaller than three, and one model smaller than three.
    let counts = plan.runs.map(\.parameters.all)
    #expect(counts[4] == counts[5] && counts[4] < counts[3])
    #expect(counts[3] < counts[0] + counts[1] + counts[2])
    #expect(plan.runs[5].recipe.weights?.hasSuffix("single/shapes/checkpoints/best") == true)
    #expect(plan.runs[4].recipe.weights == nil)
  }

  @Test(arguments: [
    ("sampling: {schedule: uniform}", [34, 34, 34]),
    ("sampling: {schedule: alternating}", [34, 34, 34]),
    ("sampling: {schedule: weighted}", [51, 30, 20]),
    ("sampling: {schedule: accumulated}", [101, 101, 101]),
  ]) func aTaskHasTheStepsOfTheSchedule(sampling: String, steps: [Int]) throws {
    let more = sampling + "\nearly_stopping: {patience: 2}"
    let runs = try TinyTable(more).plan().runs
    #expect(runs.map(\.recipe.steps) == steps + [101, 101, 101])
    #expect(runs.allSatisfy { $0.recipe.earlyStopping == nil })
    #expect(runs.map { $0.recipe.sampling == nil } == [true, true, true, false, false, false])
  }

  @Test func seedsAndTokensMultiply() throws {
    let plan = try TinyTable(
      "table: {rows: [detector_first, single], seeds: [1, 2], task_tokens: both}"
    ).plan()
    #expect(plan.runs.count == 2 * 2 * 4)
    // The detector comes before what begins with it.
    #expect(
      plan.runs.prefix(4).map(\.name) == [
        "seed-1/single/shapes", "seed-1/detector_first", "seed-1/single/questions",
        "seed-1/single/mood",
      ])
    #expect(plan.runs[4].name == "seed-1/without-task-tokens/single/shapes")
    #expect(plan.runs[4].configuration.hasTaskTokens == false)
    #expect(plan.runs[8].recipe.seed == 2)
    let alone = try TinyTable("table: {rows: [detector_first]}").plan()
    #expect(alone.runs.map(\.name) == ["seed-4/single/shapes", "seed-4/detector_first"])
    #expect(alone.rows(TableResults()).map(\.title) == ["shared decoder, detector first"])
  }

  @Test(arguments: [
    ("table: {rows: [shard]}", "'table.rows' expects some of single, separate, shared"),
    ("table: {rows: [shared, shared]}", "'table.rows' expects each row once"),
    ("table: {seeds: [1, 1]}", "'table.seeds' names a seed twice"),
    ("table: {detector: shape}", "'table.detector' expects one of shapes, questions"),
    ("table: {metrics: {shape: AP}}", "did you mean 'shapes'?"),
    ("table: {task_tokens: maybe}", "'table.task_tokens' expects one of with, without, both"),
  ]) func refusesMistakes(table: String, expected: String) {
    let error = #expect(throws: RecipeError.self) { try TinyTable(table) }
    #expect("\(error!)".contains(expected), "\(error!)")
  }

  @Test func whatCannotBecomeATableIsSaid() throws {
    func failure(_ tiny: TinyTable, _ change: (inout Recipe) -> Void = { _ in }) -> String {
      var recipe = tiny.recipe
      change(&recipe)
      let error = #expect(throws: TrainingError.self) {
        try TablePlan(recipe, folder: "/nowhere")
      }
      return error.map { "\($0)" } ?? ""
    }
    let tiny = try TinyTable()
    #expect(
      failure(try TinyTable("table: {metrics: {mood: AP}}")).contains("accuracy, macro_f1"))
    #expect(
      failure(tiny) { $0.tasks[1].dataset.evaluationSplit = nil }.contains(
        "'questions' has no evaluation_split"))
    #expect(
      failure(try TinyTable("table: {task_tokens: both}", tokens: 0)).contains("task_embeddings"))
    #expect(failure(tiny) { $0.weights = "/w" }.contains("begins with the detector's weights"))
    #expect(failure(tiny) { $0.tasks.removeFirst() }.contains("'detector_first' needs a task"))
    #expect(
      failure(tiny) { $0.optimizer.groups.frozen = ["bret_model.*"] }.contains("bret_model.*"))
  }
}
