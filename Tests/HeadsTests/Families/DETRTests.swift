import Checkpoints
import Foundation
import Inputs
import Layers
import Models
import Support
import Tensors
import Testing

@testable import Heads

/// DETR against transformers' `DetrForObjectDetection`; `Tests/Goldens/DETR/make.py` made the
/// weights and the outputs.
@Suite struct DETRTests {
  static let folders = ["huggingface-resnet", "huggingface-timm"]

  static func model(_ folder: String) throws -> MultitaskModel {
    try ModelDirectory.load(Golden.path("DETR/\(folder)"))
  }

  static func images(_ golden: Golden) -> ImageBatch {
    ImageBatch(
      pixels: golden["pixel_values"], mask: golden["pixel_mask"].elements.map { $0 != 0 })
  }

  @Test(arguments: folders)
  func forwardEqualsTransformers(_ folder: String) throws {
    try expectOutputs(of: Self.model(folder), prefix: "")
  }

  @Test func dilatedForwardEqualsTransformers() throws {
    var configuration = try Self.model("huggingface-resnet").configuration
    var backbone = try #require(configuration.image?.backbone.resNet)
    backbone.dilatesLastStage = true
    configuration.image?.backbone = .resNet(backbone)
    let weights = try Self.canonical("huggingface-resnet")
    try expectOutputs(
      of: MultitaskModel(configuration, wordPiece: nil, source: weights), prefix: "dc5.")
  }

  @Test func auxiliaryLossChangesWhatTheLayersRead() throws {
    let source = try ModelFolder(Golden.path("DETR/huggingface-resnet"))
    let text = try String(contentsOfFile: source.requiredFile("config.json"), encoding: .utf8)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try text.replacing("\"auxiliary_loss\": false", with: "\"auxiliary_loss\": true")
      .write(to: folder.appendingPathComponent("config.json"), atomically: true, encoding: .utf8)
    try FileManager.default.copyItem(
      atPath: source.requiredFile("model.safetensors"),
      toPath: folder.appendingPathComponent("model.safetensors").path)
    try expectOutputs(of: ModelDirectory.load(folder.path), prefix: "auxiliary.")
  }

  @Test func bothLayoutsGiveTheSameBits() throws {
    let models = try Self.folders.map { try Self.model($0) }
    Self.expectSameBits(models[0], models[1])
  }

  @Test func originalLayoutGivesTheSameBits() throws {
    let model = try FamilyRegistry.open(openCheckpoint(Golden.path("DETR/facebook.pth")))
    let reference = try Self.model("huggingface-resnet")
    Self.expectSameBits(model, reference)
    // Heads and dilation come from the options beside the weights, all else from the shapes.
    let configuration = try #require(model as? MultitaskModel).configuration
    #expect(configuration.image == reference.configuration.image)
    #expect(configuration.decoder == reference.configuration.decoder)
    #expect(model.tasks[0].labels == (0..<5).map { "LABEL_\($0)" })
  }

  @Test func dilationOfTheOriginalLayoutCanBeGiven() throws {
    let archive = try openCheckpoint(Golden.path("DETR/facebook.pth"))
    let options = ImportOptions(labels: ["a", "b", "c", "d", "e"], dilatesLastStage: true)
    let model = try FamilyRegistry.open(archive, layout: "detr", options: options)
    try expectOutputs(of: #require(model as? MultitaskModel), prefix: "dc5.")
    #expect(model.tasks[0].labels == ["a", "b", "c", "d", "e"])
    #expect(
      throws: ImportError.wrongLabelCount(file: archive.path, expected: 5, found: 2)
    ) { try FamilyRegistry.open(archive, options: ImportOptions(labels: ["a", "b"])) }
  }

  @Test(arguments: [
    ("\"d_model\": 32", "\"d_model\": 33", "encoder_attention_heads"),
    ("\"num_queries\": 7", "\"num_queries\": 1000000", "num_queries"),
    ("\"decoder_layers\": 2", "\"decoder_layers\": 0", "decoder_layers"),
    ("\"1\": \"person\"", "\"1\": \"bicycle\"", "id2label"),
  ])
  func entriesAreCalledAsTheFileCallsThem(_ entry: String, _ other: String, _ key: String) throws {
    let source = Golden.path("DETR/huggingface-resnet")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = try String(contentsOfFile: source + "/config.json", encoding: .utf8)
    #expect(text.contains(entry))
    try text.replacing(entry, with: other)
      .write(to: folder.appendingPathComponent("config.json"), atomically: true, encoding: .utf8)
    try FileManager.default.copyItem(
      atPath: source + "/model.safetensors",
      toPath: folder.appendingPathComponent("model.safetensors").path)
    let error = #expect(throws: ConfigurationError.self) {
      try ModelDirectory.open(folder.path)
    }
    guard case .invalid(_, let found, _, _)? = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(found == key)
  }

  @Test func dilationThatNothingTellsIsNoted() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let tensors = try openCheckpoint(Golden.path("DETR/facebook.pth")).tensors()
    for (name, isDilated) in [("detr-r50-dc5.safetensors", true), ("detr-r50.safetensors", false)] {
      let path = folder.appendingPathComponent(name).path
      try writeSafetensors(tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, to: path)
      let noted = Notes()
      let options = ImportOptions(note: { noted.lines.append($0) })
      let model = try FamilyRegistry.open(openCheckpoint(path), options: options)
      let backbone = (model as? MultitaskModel)?.configuration.image?.backbone.resNet
      #expect(backbone?.dilatesLastStage == isDilated)
      #expect(noted.lines.count == 1 && noted.lines[0].contains("(DC5)"), "\(noted.lines)")
    }
  }

  // Filled by the one thread of its test.
  private final class Notes: @unchecked Sendable { var lines: [String] = [] }

  @Test func exportHasTheNamesAndBitsOfTheSource() throws {
    let file = Golden.path("DETR/huggingface-resnet/model.safetensors")
    let source = try openCheckpoint(file).tensors()
    let exported = try Self.model("huggingface-timm").files(.huggingFace).tensors
    #expect(Set(exported.map(\.name)) == Set(source.keys))
    for (name, tensor) in exported { #expect(source[name]?.elements == tensor.elements, "\(name)") }
  }

  @Test func labelsAreThoseOfTheConfiguration() throws {
    let task = try Self.model("huggingface-resnet").tasks[0]
    #expect(task.labels == ["", "person", "bicycle", "LABEL_3", "motorcycle"])
    #expect(task.queries == 7)
  }

  private func expectOutputs(of model: MultitaskModel, prefix: String) throws {
    let golden = try Golden("DETR/outputs.safetensors")
    let outputs = try model.forward(
      images: Self.images(golden), texts: nil, task: model.tasks[0])
    for name in ["logits", "pred_boxes", "last_hidden_state", "encoder_last_hidden_state"] {
      let found = try #require(outputs.first { $0.name == name })
      // What the encoder gives for padding is never read; the reference computes it all the same.
      expectClose(found.tensor, golden[prefix + name], absolute: 1e-5)
    }
  }

  private static func expectSameBits(_ first: any AnsweringModel, _ second: any AnsweringModel) {
    #expect(first.parameters.map(\.name) == second.parameters.map(\.name))
    for (found, expected) in zip(first.parameters, second.parameters) {
      #expect(
        found.value.elements.map(\.bitPattern) == expected.value.elements.map(\.bitPattern),
        "\(found.name)")
    }
  }

  static func canonical(_ folder: String) throws -> ParameterSource {
    let (tensors, file) = try ModelFolder(Golden.path("DETR/\(folder)")).weights()
    return ParameterSource(
      tensors: try DETRNames.huggingFace.canonical(tensors, file: file), file: file)
  }
}
