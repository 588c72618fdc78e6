import Checkpoints
import Foundation
import Heads
import Support
import Tensors
import Testing

/// `unit convert`, as a user runs it, on the small DETR of `Tests/Goldens/DETR`.
@Suite struct ConvertTests {
  private let detr = Golden.path("DETR/huggingface-timm")

  @Test func foldersOfTransformersBecomeOurs() throws {
    let folder = try TemporaryFolder()
    let run = try unit("convert", detr, "--to", folder.path("model"))
    #expect(run.status == 0)
    #expect(run.text.isEmpty)
    #expect(run.errors.contains("68562 parameters, tasks detection"))
    let shown = try unit("inspect", folder.path("model"))
    #expect(shown.text.contains("task detection: detection, reads image, 7 queries, 5 labels"))
  }

  @Test func wayThereAndBackKeepsEveryBit() throws {
    let folder = try TemporaryFolder()
    let (ours, theirs, again) = (folder.path("a"), folder.path("b"), folder.path("c"))
    #expect(try unit("convert", detr, "--to", ours).status == 0)
    #expect(try unit("convert", ours, "--to", theirs, "--layout", "hf").status == 0)
    #expect(try unit("convert", theirs, "--to", again).status == 0)
    for name in ["model.safetensors", "config.json"] {
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: "\(ours)/\(name)"))
          == Data(contentsOf: URL(fileURLWithPath: "\(again)/\(name)")), "\(name)")
    }
    let config = try String(contentsOfFile: theirs + "/config.json", encoding: .utf8)
    #expect(config.contains("\"model_type\" : \"detr\""))
  }

  @Test(arguments: ["f16", "bf16"])
  func weightsCanBeStoredInHalfTheSize(_ dtype: String) throws {
    let folder = try TemporaryFolder()
    let model = folder.path("model")
    #expect(try unit("convert", detr, "--to", model, "--dtype", dtype).status == 0)
    let stored = try openCheckpoint(model)
    #expect(Set(stored.entries.map(\.type.rawValue)) == [dtype.uppercased()])
    let whole = try #require(
      FamilyRegistry.open(openCheckpoint(Golden.path("DETR/facebook.pth"))) as? MultitaskModel)
    let precision: Float = dtype == "f16" ? 0x1p-11 : 0x1p-8
    for parameter in whole.parameters {
      expectClose(
        try stored.tensor(parameter.name), parameter.value, absolute: 1e-7, relative: precision)
    }
  }

  @Test func numbersBeyondTheRangeAreNamed() throws {
    let folder = try TemporaryFolder()
    let source = try folder.folder("source")
    let config = Golden.path("DETR/huggingface-resnet/config.json")
    try FileManager.default.copyItem(atPath: config, toPath: source + "/config.json")
    var tensors = try openCheckpoint(Golden.path("DETR/huggingface-resnet")).tensors()
    tensors["class_labels_classifier.bias"] = Tensor([0, 0, 70_000, 0, 0, 0])
    try writeSafetensors(
      tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      to: source + "/model.safetensors")
    let run = try unit("convert", source, "--to", folder.path("model"), "--dtype", "f16")
    expectFailure(run, 65, saying: "class_embeds.detection.bias", "70000")
    #expect(!FileManager.default.fileExists(atPath: folder.path("model/model.safetensors")))
  }

  @Test(arguments: [["--family", "detr"], ["--vocabulary", "x"], ["--dc5"]])
  func optionsOfBareFilesAreRefusedForFolders(_ options: [String]) throws {
    let folder = try TemporaryFolder()
    let arguments = ["convert", detr, "--to", folder.path("m")] + options
    let run = try unit(raw: arguments.map { Array($0.utf8) })
    expectFailure(run, 64, saying: "\(options[0]) is for bare files")
    #expect(!FileManager.default.fileExists(atPath: folder.path("m")))
  }

  @Test func inspectTellsHowWeightsAreStored() throws {
    let folder = try TemporaryFolder()
    #expect(try unit("convert", detr, "--to", folder.path("m"), "--dtype", "bf16").status == 0)
    let lines = try unit("inspect", folder.path("m")).text.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("class_embeds.detection.bias ") && $0.contains("BF16") })
    let theirs = try unit("inspect", detr).text.split(separator: "\n")
    #expect(theirs.contains { $0.hasPrefix("class_embeds.detection.bias ") && $0.contains("F32") })
  }

  @Test func missingWeightsAreCalledAsTheFileCallsThem() throws {
    let folder = try TemporaryFolder()
    let source = try folder.folder("source")
    var config = try String(contentsOfFile: detr + "/config.json", encoding: .utf8)
    config = config.replacing("\"encoder_layers\": 2", with: "\"encoder_layers\": 3")
    try folder.file("source/config.json", Array(config.utf8))
    try FileManager.default.copyItem(
      atPath: detr + "/pytorch_model.bin", toPath: source + "/pytorch_model.bin")
    let run = try unit("inspect", source)
    expectFailure(
      run, 65, saying: "'model.encoder.layers.2.self_attn.q_proj.weight + ",
      "the file has 'model.encoder.layers.")
  }

  @Test func occupiedFolderIsKept() throws {
    let folder = try TemporaryFolder()
    let config = try folder.file("config.json", Array("{}".utf8))
    let run = try unit(
      "convert", detr, "--to", (config as NSString).deletingLastPathComponent)
    #expect(run.status == 73)
    #expect(run.errors.contains("the folder holds a model already"))
    #expect(try String(contentsOfFile: config, encoding: .utf8) == "{}")
  }

  @Test func unknownTensorsAreNamed() throws {
    let folder = try TemporaryFolder()
    let run = try unit(
      "convert", Golden.path("Checkpoints/types.safetensors"), "--to", folder.path("model"))
    #expect(run.status == 65)
    #expect(run.errors.contains("found names such as"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("model")))
  }

  @Test func missingSourceAndWrongNames() throws {
    let folder = try TemporaryFolder()
    #expect(try unit("convert", folder.path("none"), "--to", folder.path("m")).status == 66)
    #expect(
      try unit("convert", detr, "--to", folder.path("m"), "--dtype", "f8").status == 64)
    let family = try unit(
      "convert", Golden.path("DETR/facebook.pth"), "--to", folder.path("m"), "--family", "dert")
    #expect(family.status == 64)
    #expect(family.errors.contains("no family 'dert'"))
  }

  @Test func modelWithoutAPlaceInTheLayoutIsRefused() throws {
    let folder = try TemporaryFolder()
    let run = try unit(
      "convert", Golden.path("../../datasets/EasyVQA/Model"), "--to", folder.path("m"),
      "--layout", "hf")
    #expect(run.status == 64)
    #expect(run.errors.contains("the layout 'hf' has no place for a model of the family 'unit'"))
  }
}
