import Datasets
import Foundation
import Models
import Testing

struct EvaluateTests {
  private let model: TinyModel
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    model = try TinyModel([
      TaskSpec(
        name: "shapes", head: "detection", group: "detection", index: 0, queries: 5,
        inputs: [.image], labels: EasyVQA.shapes,
        attributes: AttributeSpec(labels: EasyVQA.colours, embedding: 8, hidden: 16)),
      TaskSpec(
        name: "questions", head: "answer", group: "vl", index: 1, queries: 2,
        inputs: [.image, .text], labels: EasyVQA.answers),
      TaskSpec(
        name: "other", head: "answer", group: "vl", index: 2, queries: 2,
        inputs: [.image, .text], labels: ["yes", "no"]),
    ])
  }

  private static let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("datasets/EasyVQA/Sample").path

  private func evaluate(_ arguments: String...) throws -> Execution {
    let all = ["evaluate", "--model", model.path] + arguments
    return try unit(raw: all.map { Array($0.utf8) })
  }

  private func metrics(_ run: Execution) throws -> [String: Double] {
    let report = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
    return try #require(report?["metrics"] as? [String: Double])
  }

  @Test func detectionGetsTheTwelveNumbersAndAttributes() throws {
    let run = try evaluate("--task", "shapes", "--data", Self.sample, "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let metrics = try metrics(run)
    #expect(metrics.count == 14)
    #expect(
      metrics["AP50"] != nil && metrics["attribute_accuracy"] != nil
        && metrics["attribute_recall"] != nil)
  }

  @Test(arguments: ["shapes", "questions"])
  func theReportStandsAlone(task: String) throws {
    let (page, table) = (folder.path("page.html"), folder.path("classes.csv"))
    let run = try evaluate(
      "--task", task, "--data", Self.sample, "--split", "train", "--report", page, "--classwise",
      table)
    #expect(run.status == 0, "\(run.errors)")
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("<h1>\(task) on train of Sample</h1>") && html.hasSuffix("</html>\n"))
    #expect(html.contains("<svg") && html.contains("data:image/jpeg;base64,"))
    // Nothing is loaded from elsewhere; the one address is the name of SVG's language.
    #expect(html.components(separatedBy: "http").count == 2 && html.utf8.count < 3_000_000)
    let lines = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\r\n")
    #expect(lines.count > 1)
    #expect(lines[0].hasPrefix(task == "shapes" ? "class,AP,AP50" : "class,f1,precision"))
    let figures = lines.dropFirst().compactMap { Double($0.split(separator: ",")[1]) }
    #expect(figures.count == lines.count - 1 && figures == figures.sorted(by: >))
  }

  @Test func accuracyIsTheShareOfRightFirstAnswers() throws {
    let file = folder.path("answers.jsonl")
    let run = try evaluate(
      "--task", "questions", "--data", Self.sample, "--split", "train", "--format", "json",
      "--predictions", file)
    #expect(run.status == 0, "\(run.errors)")
    let accuracy = try #require(try metrics(run)["accuracy"])
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    let data = try EasyVQA(directory: Self.sample, split: .train)
    #expect(lines.count == data.questions.count)
    let right = try zip(lines, data.questions).count { line, question in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      let answers = object?["answers"] as? [[String: Any]]
      return answers?.first?["answer"] as? String == EasyVQA.answers[question.answer]
    }
    #expect(abs(accuracy - Double(right) / Double(lines.count)) < 1e-12)
  }

  @Test func textNamesSplitAndFigures() throws {
    let run = try evaluate("--task", "questions", "--data", Self.sample)
    #expect(run.text.contains(/^\d+ samples of test\naccuracy +[01]\.\d{4}\n/), "\(run.errors)")
  }

  @Test func badRequests() throws {
    expectFailure(try evaluate("--data", Self.sample), 64, saying: "--task")
    expectFailure(
      try evaluate("--data", Self.sample, "--task", "shape"), 64, saying: "Did you mean 'shapes'?")
    expectFailure(
      try evaluate("--data", folder.path("none"), "--task", "shapes"), 66, saying: "none")
    expectFailure(try evaluate("--data", folder.path, "--task", "shapes"), 66, saying: "easy-VQA")
    expectFailure(
      try evaluate("--data", Self.sample, "--task", "shapes", "--split", "val"), 64, saying: "val",
      "test")
    expectFailure(
      try evaluate("--data", Self.sample, "--task", "shapes", "--kind", "easy-vka"), 64,
      saying: "easy-vqa")
    expectFailure(
      try evaluate("--data", Self.sample, "--task", "other"), 65, saying: "labels")
    expectFailure(
      try evaluate(
        "--data", Self.sample, "--task", "shapes", "--predictions", folder.path("no/file")), 73,
      saying: "no/file")
  }
}
