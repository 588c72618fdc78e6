import Foundation
import Models
import Recipes
import Testing

@testable import Training

struct ModelCardTests {
  private func card(_ overrides: [String] = []) throws -> ModelCard {
    var recipe = try Toy.recipe(overrides)
    recipe.tasks[0].dataset.path = "/home/somebody/secret/shapes"
    recipe.tasks[0].dataset.evaluationSplit = "test"
    let tasks = [
      TaskSpec(
        name: "left", head: "detection", group: "detection", index: 0, queries: 5,
        inputs: [.image], labels: ["", "a|b", "c"],
        attributes: AttributeSpec(labels: ["red"], embedding: 8, hidden: 16)),
      TaskSpec(
        name: "right", head: "answer", group: "vl", index: 1, queries: 2, inputs: [.image, .text],
        labels: (0..<30).map { "answer \($0)" }),
      TaskSpec(
        name: "other", head: "answer", group: "vl", index: 2, queries: 2, inputs: [.text],
        labels: ["x"]),
    ]
    return ModelCard(
      recipe: recipe, tasks: tasks,
      samples: [
        .init(task: "left", learnt: 12_345, measured: 67), .init(task: "right", learnt: 8),
      ], parameters: (1000, 1_234_567),
      command: ["unit", "train", "/home/me/r.yaml", "--set", "weights=/x/y z.pt", "it's"])
  }

  private let moment = ModelCard.Moment(
    step: 1200, seconds: 3723,
    evaluation: (1000, [("left/AP", 0.123_46), ("left/APl", -1), ("left/x", .nan), ("weight", 2)]))

  @Test func theHeadIsWhatTheHubReads() throws {
    let text = try card(["card={title: \"A: title\", license: apache-2.0, language: en}"])
      .text(moment)
    let parts = text.components(separatedBy: "---\n")
    #expect(parts.count >= 3 && parts[0].isEmpty)
    #expect(
      parts[1] == """
        license: apache-2.0
        language: en
        pipeline_tag: object-detection
        tags: [unit, object-detection, visual-question-answering]
        datasets: [toy]
        model-index:
          - name: "A: title"
            results:
              - task: {type: object-detection, name: left}
                dataset: {type: toy, name: shapes, split: test}
                metrics:
                  - {type: AP, value: 0.1235, name: AP}

        """)
    _ = try RecipeTree(parsing: parts[1], file: "head")
    #expect(text.contains("\n# A: title\n"))
  }

  @Test func withoutAnEntryTheLicenceIsUnknown() throws {
    let text = try card().text(moment)
    #expect(text.hasPrefix("---\nlicense: unknown\npipeline_tag"))
    #expect(text.contains("# UniT for left and right"))
  }

  @Test func itTellsWhatIsKnown() throws {
    let text = try card(["optimizer.freeze=[left.*]"]).text(moment)
    for words in [
      "1,234,567 parameters, of which 1,000 were trained", "32-bit floats",
      "| left | detection | picture | 2 | 1 |", "`left`: a\\|b, c", "and 10 more",
      "| left | toy | shapes | train | 12,345 | test | 67 |", "| left/AP | 0.1235 |",
      "At step 1,000, with the moving average", "1,200 of 40 steps in 01:02:03", "seed 3",
      "AdamW: rate 0.02", "cosine after 4 steps", "not trained: `left.*`",
      "unit train r.yaml --set weights='y z.pt' 'it'\\''s'", "`right` was not measured",
    ] { #expect(text.contains(words), "\(words)") }
    #expect(!text.contains("somebody") && !text.contains("/home") && !text.contains("APl"))
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("|--") }.count == 3)
  }

  @Test func withoutAnEvaluationItSaysSo() throws {
    let text = try card().text(.init(step: 0, seconds: 0))
    #expect(text.contains("have not been measured") && !text.contains("model-index"))
  }

  @Test func groupedNumbers() {
    #expect(
      [0, 12, 123, 1234, -123, -123_456, 1_234_567].map(ModelCard.grouped) == [
        "0", "12", "123", "1,234", "-123", "-123,456", "1,234,567",
      ])
  }
}
