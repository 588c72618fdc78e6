import Datasets
import Foundation
import Models
import Testing

/// Every reader as a user meets it: a task of a joint training, and a thing to be measured on.
struct DatasetKindTests {
  private let model: TinyModel
  private let folder: TemporaryFolder

  private static let toys = ["", "ball", "box", "sail"]

  init() throws {
    folder = try TemporaryFolder()
    func seeing(_ name: String, _ index: Int, attributes: [String]? = nil) -> TaskSpec {
      TaskSpec(
        name: name, head: "detection", group: "detection", index: index, queries: 5,
        inputs: [.image], labels: Self.toys,
        attributes: attributes.map { AttributeSpec(labels: $0, embedding: 8, hidden: 16) })
    }
    func reading(_ name: String, _ index: Int, _ labels: [String]) -> TaskSpec {
      TaskSpec(
        name: name, head: "classification", group: "glue", index: index, queries: 2,
        inputs: [.text], labels: labels, keepsOnlyCLS: true)
    }
    model = try TinyModel([
      seeing("coco", 0), seeing("voc", 1), seeing("yolo", 2),
      seeing("visual-genome", 3, attributes: ["", "red", "green", "blue", "large"]),
      TaskSpec(
        name: "vqa", head: "answer", group: "vl", index: 4, queries: 2, inputs: [.image, .text],
        labels: ["<unk>", "yes", "no", "red", "green", "blue", "2", "sail"]),
      TaskSpec(
        name: "snli-ve", head: "classification", group: "vl", index: 5, queries: 2,
        inputs: [.image, .text], labels: ["entailment", "neutral", "contradiction"]),
      reading("qnli", 6, ["entailment", "not_entailment"]),
      reading("mnli", 7, ["entailment", "neutral", "contradiction"]),
      reading("qqp", 8, ["not_duplicate", "duplicate"]),
      reading("sst2", 9, ["negative", "positive"]),
    ])
  }

  private static let places = [
    ("coco", "COCO/Sample", "val"), ("voc", "VOC/Sample", "val"), ("yolo", "YOLO/Sample", "val"),
    ("visual-genome", "VisualGenome/Sample", "val"), ("vqa", "VQA/Sample", "val"),
    ("snli-ve", "SNLIVE/Sample", "dev"), ("qnli", "GLUE/Sample/QNLI", "dev"),
    ("mnli", "GLUE/Sample/MNLI", "dev_mismatched"), ("qqp", "GLUE/Sample/QQP", "dev"),
    ("sst2", "GLUE/Sample/SST-2", "dev"),
  ]

  private static func path(_ place: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("datasets/" + place).path
  }

  @Test func allOfThemAreLearntJointly() throws {
    let tasks = Self.places.map { kind, place, split in
      """
        - task: \(kind)
          dataset:
            {kind: \(kind), path: \(Self.path(place)), split: train, evaluation_split: \(split)}
          batch: 2
      """
    }
    let recipe = try folder.file(
      "recipe.yaml",
      """
      model: \(model.path)/config.json
      tasks:
      \(tasks.joined(separator: "\n"))
      steps: 12
      optimizer: {lr: 1e-3, clip: 1.0}
      """)
    let run = try unit("train", recipe, "--output", folder.path("run"))
    #expect(run.status == 0, "\(run.errors)")
    let log = try String(contentsOfFile: folder.path("run") + "/results.csv", encoding: .utf8)
    for metric in ["coco/AP50", "visual-genome/attribute_accuracy", "vqa/accuracy"] {
      #expect(log.contains(metric), "\(log.prefix(500))")
    }
  }

  @Test(arguments: places) func eachIsMeasured(kind: String, place: String, split: String) throws {
    let run = try unit(
      "evaluate", "--model", model.path, "--task", kind, "--kind", kind, "--data",
      Self.path(place), "--split", split)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains(" samples of \(split)\n"))
  }

  @Test func badRequests() throws {
    let data = Self.path("COCO/Sample")
    func evaluate(_ arguments: String...) throws -> Execution {
      let all = ["evaluate", "--model", model.path, "--task", "coco", "--kind", "coco", "--data"]
      return try unit(raw: (all + arguments).map { Array($0.utf8) })
    }
    expectFailure(try evaluate(data), 66, saying: "'test'", "instances_test2017.json")
    expectFailure(
      try evaluate(data + "/annotations/instances_{split}.json", "--split", "vall"), 66,
      saying: "did you mean 'instances_val.json'?")
    let broken = try folder.file("val.json", "{\"images\": [], \"annotations\": [}")
    expectFailure(try evaluate(broken), 65, saying: "val.json")
  }
}
