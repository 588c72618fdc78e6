import Foundation
import Testing

@testable import Training

struct TableTextTests {
  /// Results of the runs whose seed and row are given, each metric 0.1 times the run's number.
  private func results(_ plan: TablePlan, _ isDone: (TableRun) -> Bool) -> TableResults {
    var results = TableResults()
    for (number, run) in plan.runs.enumerated() where isDone(run) {
      let names = plan.columns.filter { run.tasks.contains($0.task) }.map(\.name)
      results.runs.append(
        TableResults.Run(
          name: run.name, row: run.row, tasks: run.tasks, seed: run.seed,
          taskTokens: run.hasTaskTokens, steps: 1, seconds: 2, parameters: run.parameters.all,
          trainedParameters: run.parameters.trained,
          metrics: Dictionary(uniqueKeysWithValues: names.map { ($0, 0.1 * Double(number)) }),
          fingerprint: "f"))
    }
    results.rows = plan.rows(results)
    return results
  }

  @Test func meanAndSpreadOverSeeds() throws {
    let plan = try TinyTable("table: {rows: [single, shared], seeds: [1, 2, 3]}").plan()
    let rows = results(plan) { $0.seed < 3 || $0.row == .single }.rows
    #expect(rows.map(\.row) == [.single, .shared])
    // The runs are numbered 0 to 3 for the first seed, 4 to 7 for the second, 8 to 11.
    let questions = rows[0].cells[1]
    #expect(questions.metric == "questions/accuracy" && questions.seeds == 3)
    #expect(abs(questions.mean! - 0.5) < 1e-12 && abs(questions.spread! - 0.4) < 1e-12)
    #expect(rows[1].cells[2].seeds == 2)
    #expect(rows[0].parameters == plan.runs.prefix(3).reduce(0) { $0 + $1.parameters.all })
    let text = plan.text(rows)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasPrefix("model"))
    #expect(lines[1].hasSuffix("0.6000 ± 0.4000"))
    #expect(Set(lines.map(\.count)).count == 1)
    let markdown = plan.markdown(rows)
    #expect(markdown.contains("|---|---:|---:|---:|---:|\n| single-task models | "))
    #expect(markdown.contains("Seeds: 1, 2, 3; mean ± standard deviation."))
    #expect(markdown.contains("shapes 51, questions 30, mood 20"))
  }

  @Test func whatIsMissingIsADash() throws {
    let plan = try TinyTable("table: {task_tokens: both, rows: [shared]}").plan()
    let rows = results(plan) { $0.hasTaskTokens }.rows
    let lines = plan.text(rows).split(separator: "\n")
    #expect(lines[1].hasPrefix("shared decoder ") && lines[1].hasSuffix("0.0000"))
    #expect(lines[2].hasPrefix("shared decoder, no task tokens") && lines[2].hasSuffix("-"))
  }

  @Test func numbersAreGrouped() {
    #expect([1, 999, 1000, 12_345_678].map(grouped) == ["1", "999", "1,000", "12,345,678"])
    let times = [0.2, 119, 121, 7300].map(TableEstimate.worded)
    #expect(times == ["1 s", "119 s", "3 min", "2 h 2 min"])
  }

  @Test func resultsAreReadAsTheyWereWritten() throws {
    let tiny = try TinyTable()
    let results = results(try tiny.plan()) { _ in true }
    try results.write(tiny.folder.path)
    #expect(try TableResults.read(tiny.folder.path) == results)
    #expect(try TableResults.read(tiny.folder.path("none")) == nil)
    try tiny.folder.file("table.json", "{\"format\": 2}")
    #expect(throws: TrainingError.self) { try TableResults.read(tiny.folder.path) }
  }

  @Test func theLastEvaluationCounts() throws {
    let folder = try TinyTable().folder
    try folder.file("results.csv", "step,elapsed,a/AP,a/AR\n5,0.1,0.2,nan\n9,0.2,0.3,nan\n")
    #expect(try FinalMetrics.read(folder.path, step: 9) == ["a/AP": 0.3])
    for step in [5, 10] {
      #expect(throws: TrainingError.self) { try FinalMetrics.read(folder.path, step: step) }
    }
    #expect(throws: TrainingError.self) { try FinalMetrics.read("/nowhere", step: 9) }
  }
}
