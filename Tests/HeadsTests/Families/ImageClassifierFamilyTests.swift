import Checkpoints
import Foundation
import Heads
import Inputs
import Layers
import Models
import Support
import Tensors
import Testing

private func resNet(_ kind: String) throws -> ImageClassifierModel {
  try ImageClassifierFamily.model(
    efficientNetLite: nil, tensors: ClassifierGolden(kind).parameters, file: "resnet.pth")
}

@Suite struct ImageClassifierFamilyTests {
  @Test(arguments: ["basic", "bottleneck"])
  func bothLayoutsKeepAResNet(_ kind: String) throws {
    let (golden, model) = (try ClassifierGolden(kind), try resNet(kind))
    #expect(model.family == "resnet")
    #expect(model.tasks[0].labels == (0..<7).map { "class \($0)" })
    let scratch = try TemporaryFolder()
    let folder = scratch.path("model")
    for layout in ModelLayout.allCases {
      try model.files(layout).write(to: folder)
      let names = try SafetensorsFile(contentsOf: folder + "/model.safetensors").entries.map(\.name)
      let first = layout == .unit ? "conv1" : "resnet.embedder.embedder.convolution"
      #expect(names.contains("\(first).weight"))
      let again = try ModelDirectory.open(folder)
      #expect(again.family == "resnet")
      #expect(again.tasks == model.tasks)
      #expect(again.preprocessing == model.preprocessing)
      let pixels = golden["pixels"]
      let images = ImageBatch(
        pixels: pixels, mask: [Bool](repeating: true, count: pixels.count / 3))
      let outputs = try again.forward(images: images, texts: nil, task: again.tasks[0])
      expectClose(outputs.last!.tensor, golden["logits"], absolute: 1e-5, "\(layout)")
      try FileManager.default.removeItem(atPath: folder)
    }
  }

  @Test func anEfficientNetLiteHasNoLayoutInTransformers() throws {
    let configuration = ImageClassifierConfiguration(
      backbone: .efficientNetLite(
        EfficientNetLiteConfiguration(
          stem: 8,
          stages: [.init(blocks: 1, kernel: 3, stride: 2, expansion: 1, width: 8)], head: 8)),
      labels: ["a", "b"], preprocessing: .efficientNetLite(side: 32))
    let model = try ImageClassifierModel(configuration, source: .init(seed: 1))
    #expect(throws: AnsweringError.noLayout(layout: .huggingFace, family: "efficientnet")) {
      try model.files(.huggingFace)
    }
    let scratch = try TemporaryFolder()
    let folder = scratch.path("model")
    try model.files(.unit).write(to: folder)
    let image = Image(width: 50, height: 70, filledWith: (200, 30, 90))
    let found = try model.classify(image)
    #expect(try ModelDirectory.open(folder).classify(image) == found)
    expectClose(found.reduce(0) { $0 + $1.score }, 1, absolute: 1e-6)
    #expect(throws: AnsweringError.self) { try model.read("a") }
  }

  @Test func bareCheckpointsAreRecognized() throws {
    let scratch = try TemporaryFolder()
    let folder = scratch.path("model")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = folder + "/weights.safetensors"
    let model = try resNet("bottleneck")
    func write(_ parameters: [Parameter], and more: [(name: String, tensor: Tensor)] = []) throws {
      try writeSafetensors(parameters.map { ($0.name, $0.value) } + more, to: file)
    }
    try write(model.parameters, and: [("bn1.num_batches_tracked", .zeros([1]))])
    let again = try FamilyRegistry.open(openCheckpoint(file))
    #expect(again.family == "resnet")
    #expect(
      again.parameters.map { $0.value.elements } == model.parameters.map { $0.value.elements })
    let named = try FamilyRegistry.open(
      openCheckpoint(file), options: ImportOptions(labels: (0..<7).map { "label \($0)" }))
    #expect(named.tasks[0].labels[3] == "label 3")
    for variant in 0...4 {
      let source = ParameterSource(seed: 1)
      _ = try ImageClassifierModel(
        ImageClassifierConfiguration(
          backbone: .efficientNetLite(.lite(variant)!), labels: ["a", "b"],
          preprocessing: .efficientNetLite(side: 64)), source: source)
      try write(source.parameters)
      let found = try #require(
        try FamilyRegistry.open(openCheckpoint(file)) as? ImageClassifierModel)
      #expect(found.configuration.backbone == .efficientNetLite(.lite(variant)!))
      #expect(found.tasks[0].labels == ["class 0", "class 1"])
    }
  }

  @Test func weightsThatAreNoClassifiersAreRefused() throws {
    let tensors = try ClassifierGolden("basic").parameters
    func refused(_ variant: Int?, _ tensors: [String: Tensor]) -> String {
      let error = #expect(throws: (any Error).self) {
        try ImageClassifierFamily.model(efficientNetLite: variant, tensors: tensors, file: "a.pth")
      }
      return error.map { "\($0)" } ?? ""
    }
    #expect(refused(0, tensors).contains("a.pth: the class layer '_fc.bias' is missing"))
    #expect(refused(nil, ["fc.bias": .zeros([3])]).contains("'conv1.weight'"))
    var other = tensors
    other["layer2.0.bn1.weight"] = .zeros([3])
    #expect(refused(nil, other).contains("'layer2.0.bn1.weight' should have the shape [12]"))
    other = tensors
    other["layer9"] = .zeros([1])
    #expect(refused(nil, other).contains("'layer9'"))
    let error = #expect(throws: ImportError.self) {
      try ImageClassifierFamily.model(
        efficientNetLite: nil, tensors: tensors, file: "a.pth", labels: ["a"])
    }
    #expect(error == .wrongLabelCount(file: "a.pth", expected: 7, found: 1))
    other = tensors
    other["fc.weight"] = nil
    #expect(refused(nil, other).contains("'fc.weight'"))
  }

  @Test func classesOfOneNameAreToldApart() throws {
    let scratch = try TemporaryFolder()
    let folder = scratch.path("model")
    let names = ["a", "crane", "", "crane", "b", "", "crane"]
    let apart = ["a", "crane", "", "crane (3)", "b", "", "crane (6)"]
    let model = try ImageClassifierFamily.model(
      efficientNetLite: nil, tensors: ClassifierGolden("basic").parameters, file: "resnet.pth",
      labels: names)
    #expect(model.tasks[0].labels == apart)
    for layout in ModelLayout.allCases {
      try model.files(layout).write(to: folder)
      let file = folder + "/config.json"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      try scratch.file(
        "model/config.json",
        text.replacing("crane (3)", with: "crane").replacing("crane (6)", with: "crane"))
      #expect(try ModelDirectory.open(folder).tasks[0].labels == apart, "\(layout)")
      try FileManager.default.removeItem(atPath: folder)
    }
  }

  @Test func aConfigurationMustFitItsFamily() throws {
    var configuration = try resNet("basic").configuration
    configuration.family = "efficientnet"
    #expect(throws: ConfigurationError.self) { try configuration.validate(file: "config.json") }
    configuration.family = "resnet"
    configuration.tasks[0].labels[1] = configuration.tasks[0].labels[0]
    #expect(throws: ConfigurationError.self) { try configuration.validate(file: "config.json") }
    configuration.tasks = []
    #expect(throws: ConfigurationError.self) { try configuration.validate(file: "config.json") }
  }
}
