import Foundation
import Heads
import Inputs
import Models
import Support
import Tensors
import Testing

@testable import Training

/// Fine-tuning with other tasks and classes keeps what fits, and rows by the names of classes.
struct WeightTransferTests {
  static let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "what"]

  static func detection(
    _ labels: [String], name: String = "animals", attributes: [String]? = nil, queries: Int = 4
  ) -> TaskSpec {
    TaskSpec(
      name: name, head: "detection", group: "detection", index: 0, queries: queries,
      inputs: [.image], labels: labels,
      attributes: attributes.map { AttributeSpec(labels: $0, embedding: 8, hidden: 16) })
  }

  static func answers(_ labels: [String]) -> TaskSpec {
    TaskSpec(
      name: "vqa", head: "answer", group: "vl", index: 1, queries: 2, inputs: [.image, .text],
      labels: labels)
  }

  static func model(_ tasks: [TaskSpec], seed: UInt64, sharesDecoder: Bool = true) throws
    -> MultitaskModel
  {
    try MultitaskModel(
      .tiny(tasks: tasks, vocabulary: pieces.count, sharesDecoder: sharesDecoder),
      wordPiece: WordPiece(vocabulary: Vocabulary(tokens: pieces)), seed: seed)
  }

  func value(_ model: MultitaskModel, _ name: String) throws -> Tensor {
    try #require(model.parameters.first { $0.name == name }?.value)
  }

  func row(_ model: MultitaskModel, _ name: String, _ row: Int) throws -> [Float] {
    try value(model, name).sliced(axis: 0, range: row..<row + 1).elements
  }

  func transfer(_ old: MultitaskModel, to new: MultitaskModel) throws -> TransferReport {
    try WeightTransfer(
      tensors: Dictionary(uniqueKeysWithValues: old.parameters.map { ($0.name, $0.value) }),
      tasks: old.configuration.tasks, source: "old"
    ).apply(to: new)
  }

  @Test func classesKeepTheirRowsByName() throws {
    let old = try Self.model(
      [Self.detection(["cat", "dog", "cow"], attributes: ["red", "big"])], seed: 1)
    let tasks = [
      Self.detection(["Dog", "horse", "cat", "hen"], attributes: ["big", "wet", "red"])
    ]
    let (new, fresh) = (try Self.model(tasks, seed: 2), try Self.model(tasks, seed: 2))
    let report = try transfer(old, to: new)
    for name in [
      "class_embeds.animals.weight", "class_embeds.animals.bias",
      "det_losses.animals.attribute_head.cls_embed.weight",
    ] {
      #expect(try row(new, name, 0) == row(old, name, 1), "\(name)")
      #expect(try row(new, name, 1) == row(fresh, name, 1), "\(name)")
      #expect(try row(new, name, 2) == row(old, name, 0), "\(name)")
      #expect(try row(new, name, 3) == row(fresh, name, 3), "\(name)")
      // What stands for "nothing" is kept as well.
      #expect(try row(new, name, 4) == row(old, name, 3), "\(name)")
    }
    let attributes = "det_losses.animals.attribute_head.attr_linear2.weight"
    #expect(try row(new, attributes, 0) == row(old, attributes, 1))
    #expect(try row(new, attributes, 1) == row(fresh, attributes, 1))
    #expect(try row(new, attributes, 2) == row(old, attributes, 0))
    #expect(report.reset.isEmpty && report.rows.count == 5)
    let classes = try #require(report.rows.first { $0.name == "class_embeds.animals.weight" })
    #expect(classes.kept == ["Dog", "cat"] && classes.count == 4)
    // Everything else is the trained model's.
    let partial = report.rows.map(\.name)
    for parameter in new.parameters where !partial.contains(parameter.name) {
      #expect(try parameter.value.elements == value(old, parameter.name).elements)
    }
    #expect(report.lines[0].hasPrefix("weights of old: "))
    #expect(
      report.lines.contains {
        $0.contains("class_embeds.animals.weight") && $0.hasSuffix("2 of 4: Dog, cat")
      })
    let coded = try JSONDecoder().decode(TransferReport.self, from: JSONEncoder().encode(report))
    #expect(coded == report)
  }

  @Test func theSameModelIsKeptWhole() throws {
    let tasks = [Self.detection(["cat", "dog"]), Self.answers(["yes", "no"])]
    let (old, new) = (try Self.model(tasks, seed: 1), try Self.model(tasks, seed: 2))
    let report = try transfer(old, to: new)
    #expect(report.isWhole)
    #expect(report.lines == ["weights of old: all \(old.parameters.count) tensors kept"])
    for (a, b) in zip(old.parameters, new.parameters) {
      #expect(a.value.elements == b.value.elements)
    }
  }

  @Test func aTaskOfAnotherNameTakesTheOnlyOneOfItsKind() throws {
    let old = try Self.model([Self.detection(["cat", "dog"], name: "detection")], seed: 1)
    let new = try Self.model(
      [Self.detection(["dog", "cat"], name: "pets", queries: 7), Self.answers(["yes", "no"])],
      seed: 2)
    let report = try transfer(old, to: new)
    #expect(
      try row(new, "class_embeds.pets.weight", 0) == row(old, "class_embeds.detection.weight", 1))
    let box = "layers.2.weight"
    #expect(
      try value(new, "bbox_embeds.pets.\(box)").elements
        == value(old, "bbox_embeds.detection.\(box)").elements)
    let queries = try #require(
      report.reset.first { $0.name.contains("query_embeds.detection.pets") })
    #expect(queries.reason.contains("7") && queries.reason.contains("4"))
    #expect(report.reset.contains { $0.name.hasPrefix("classifiers.vl.vqa.") })
  }

  @Test func sharedAndSeparateDecodersBeginAsEachOther() throws {
    let tasks = [Self.detection(["cat"]), Self.answers(["yes", "no"])]
    let shared = try Self.model(tasks, seed: 1)
    let separate = try Self.model(tasks, seed: 2, sharesDecoder: false)
    #expect(try transfer(shared, to: separate).reset.isEmpty)
    let name = "norm.weight"
    #expect(
      try value(separate, "unit_base_model.transformer.decoders.vl.vqa.\(name)").elements
        == value(shared, "unit_base_model.transformer.decoder.\(name)").elements)
    let again = try Self.model(tasks, seed: 3)
    #expect(try transfer(separate, to: again).reset.isEmpty)
  }

  @Test func classesThatNobodyNamedAreKeptWhereTheyAreAsMany() throws {
    let old = try Self.model([Self.answers(["answer 0", "answer 1"])], seed: 1)
    let name = "classifiers.vl.vqa.1.weight"
    let same = try Self.model([Self.answers(["yes", "no"])], seed: 2)
    #expect(try transfer(old, to: same).isWhole)
    #expect(try value(same, name).elements == value(old, name).elements)
    let more = try Self.model([Self.answers(["yes", "no", "maybe"])], seed: 2)
    let report = try transfer(old, to: more)
    #expect(report.reset.first { $0.name == name }?.reason == "no class has a known name")
  }

  @Test func nothingInCommonIsAnError() throws {
    let model = try Self.model([Self.answers(["yes", "no"])], seed: 1)
    let before = model.parameters.map(\.value.elements)
    let error = #expect(throws: TrainingError.self) {
      try WeightTransfer(tensors: ["gpt.wte": Tensor(0)], tasks: [], source: "gpt.pth").apply(
        to: model)
    }
    #expect(error == .nothingKept(path: "gpt.pth", example: "gpt.wte"))
    #expect("\(error!)".hasPrefix("gpt.pth: none of the weights has a name and a shape"))
    #expect(model.parameters.map(\.value.elements) == before)
  }

  @Test func foldersAndFilesAreOpened() throws {
    let folder = try Support.TemporaryFolder()
    let old = try Self.model([Self.detection(["cat", "dog"])], seed: 1)
    try ModelDirectory.save(old, to: folder.path("old"))
    let new = try Self.model([Self.detection(["dog", "cow", "cat"])], seed: 2)
    for path in ["old", "old/model.safetensors"] {
      let transfer = try WeightTransfer(opening: folder.path(path), for: new, vocabulary: "none")
      #expect(transfer.tasks == old.configuration.tasks)
      #expect(try transfer.apply(to: new).rows.first?.kept == ["dog", "cat"])
    }
    // A file by itself does not say what its rows mean.
    try FileManager.default.moveItem(
      atPath: folder.path("old/model.safetensors"), toPath: folder.path("alone.safetensors"))
    let alone = try WeightTransfer(
      opening: folder.path("alone.safetensors"), for: new, vocabulary: "none")
    let report = try alone.apply(to: new)
    #expect(report.reset.map(\.name).contains("class_embeds.animals.weight"))
    #expect(report.reset.allSatisfy { !$0.name.hasPrefix("bert_model.") })
  }
}
