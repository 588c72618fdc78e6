import Foundation
import Models
import Support
import Tensors
import Testing

@testable import Heads

/// Folders of Conditional DETR and DAB-DETR: both layouts, the way there and back, and errors.
@Suite struct DetectorFilesTests {
  @Test(arguments: DetectorReferenceTests.cases)
  func modelsSurviveBothLayouts(_ name: String) throws {
    let model = try DetectorReferenceTests.folder(name).open()
    for layout in ModelLayout.allCases {
      let folder = try DetectorFolder("conditional")
      let again = try withExtendedLifetime(folder) {
        try FileManager.default.removeItem(atPath: folder.path)
        try model.files(layout).write(to: folder.path)
        return try ModelDirectory.open(folder.path)
      }
      #expect(try again.files(.unit).texts.map(\.bytes) == model.files(.unit).texts.map(\.bytes))
      #expect(again.parameters.map(\.name) == model.parameters.map(\.name))
      for (found, wanted) in zip(again.parameters, model.parameters) {
        #expect(found.value.elements == wanted.value.elements, "\(found.name)")
      }
    }
  }

  @Test(arguments: ["conditional", "dab"])
  func transformersGetsItsOwnTensorsBack(_ name: String) throws {
    let files = try ModelDirectory.open(DetectorFolder.path(name)).files(.huggingFace)
    let stored = try DetectorFolder.tensors(DetectorFolder.path(name))
    #expect(files.tensors.count == stored.count)
    for (name, tensor) in files.tensors {
      #expect(stored[name]?.elements == tensor.elements, "\(name)")
    }
    #expect(files.metadata == ["format": "pt"])
    #expect(files.texts.map(\.name) == ["config.json", "preprocessor_config.json"])
    for (file, bytes) in files.texts {
      let written = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
      let text = FileManager.default.contents(atPath: DetectorFolder.path(name) + "/" + file)
      let given = try JSONSerialization.jsonObject(with: text ?? Data()) as? [String: Any] ?? [:]
      for key in given.keys.filter({ !["backbone_config", "dropout"].contains($0) }) {
        guard let value = written[key] else { continue }
        #expect(try Self.json(value) == Self.json(given[key] ?? 0), "\(file) \(key)")
      }
    }
  }

  private static func json(_ value: Any) throws -> Data {
    try JSONSerialization.data(withJSONObject: [value], options: [.sortedKeys])
  }

  @Test func publishedBackbonesAreWrittenByTheirNames() throws {
    let entries = HuggingFaceEntries.backbone(.standard(layers: 101, dilatesLastStage: true)!)
    #expect(entries["backbone"] as? String == "resnet101")
    #expect(entries["use_timm_backbone"] as? Bool == true)
    #expect(entries["dilation"] as? Bool == true)
    let folder = try DetectorFolder(
      "conditional",
      configuration: {
        $0["backbone_config"] = nil
        $0["backbone"] = "resnet101"
        $0["use_timm_backbone"] = true
        $0["dilation"] = true
      })
    let configuration = try withExtendedLifetime(folder) {
      try ConditionalDETR.configuration(ModelFolder(folder.path))
    }
    #expect(configuration.backbone.resNet == .standard(layers: 101, dilatesLastStage: true))
  }

  @Test func weightsThatDoNotFitAreNamed() throws {
    let missing = try DetectorFolder(
      "conditional", tensors: { $0["model.decoder.layers.1.ca_qpos_sine_proj.weight"] = nil })
    #expect(
      missing.message().contains(
        "model.safetensors: the weight 'model.decoder.layers.1.ca_qpos_sine_proj.weight' of "
          + "shape [32, 32] is missing"), "\(missing.message())")
    let part = try DetectorFolder(
      "dab", tensors: { $0["model.encoder.layers.0.self_attn.k_proj.bias"] = nil })
    #expect(
      part.message().contains("expected the tensor 'model.encoder.layers.0.self_attn.k_proj.bias'"),
      "\(part.message())")
    let shape = try DetectorFolder(
      "dab", tensors: { $0["model.query_refpoint_embeddings.weight"] = .zeros([16, 2]) })
    #expect(
      shape.message().contains(
        "the weight 'model.query_refpoint_embeddings.weight' should have the shape [16, 4], "
          + "found [16, 2]"),
      "\(shape.message())")
    let unused = try DetectorFolder(
      "dab", tensors: { $0["model.decoder.mystery.weight"] = .zeros([1]) })
    #expect(
      unused.message().contains("the model has no place for 'model.decoder.mystery.weight'"),
      "\(unused.message())")
  }

  @Test(arguments: [
    ("conditional", "activation_function", "mish", "'activation_function' should be one of 'relu'"),
    ("conditional", "position_embedding_type", "learned", "'position_embedding_type' should be"),
    ("conditional", "d_model", "wide", "'d_model' should be a whole number, found 'wide'"),
    ("dab", "model_type", "dab", "'model_type' should be one of"),
  ])
  func settingsThatAreNotKnownAreRefused(
    _ name: String, _ key: String, _ value: String, _ words: String
  ) throws {
    let message = try DetectorFolder(name, configuration: { $0[key] = value }).message()
    #expect(message.contains("config.json: ") && message.contains(words), "\(message)")
  }

  @Test(arguments: [
    ("dab", "query_dim", 2, "'query_dim' should be 4, found 2"),
    ("dab", "num_patterns", -1, "'num_patterns' should be in 0...1000, found -1"),
    ("dab", "temperature_width", 0, "'temperature_width' should be a number"),
    ("dab", "decoder_layers", 0, "'decoder_layers' should be in 1...128, found 0"),
    ("conditional", "encoder_attention_heads", 5, "a divisor of the width 32, found 5"),
    ("conditional", "num_channels", 1, "'num_channels' should be 3, found 1"),
    ("conditional", "num_queries", 0, "'num_queries' should be in 1...10000, found 0"),
  ])
  func numbersThatNoModelHasAreRefused(
    _ name: String, _ key: String, _ value: Int, _ words: String
  ) throws {
    let message = try DetectorFolder(name, configuration: { $0[key] = value }).message()
    #expect(message.contains("config.json: ") && message.contains(words), "\(message)")
  }

  @Test func ownConfigurationsAreReadStrictly() throws {
    let text = try ModelDirectory.open(DetectorFolder.path("dab")).files(.unit).texts[0].bytes
    let own = try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any] ?? [:]
    func message(_ change: (inout [String: Any]) -> Void) throws -> String {
      try DetectorFolder(
        "dab",
        configuration: {
          $0 = own
          change(&$0)
        }
      ).message()
    }
    let unknown = try message {
      var variant = $0["variant"] as? [String: Any] ?? [:]
      variant["pattern"] = 2
      $0["variant"] = variant
    }
    #expect(unknown.contains("there is no entry 'variant.pattern'"), "\(unknown)")
    #expect(try message { $0["schema"] = 2 }.contains("'schema' should be in 1...1, found 2"))
    let tasks = try message { $0["tasks"] = [] }
    #expect(tasks.contains("'tasks' should be one task, found 0"), "\(tasks)")
    let activation = try message {
      var transformer = $0["transformer"] as? [String: Any] ?? [:]
      transformer["activation"] = "mish"
      $0["transformer"] = transformer
    }
    #expect(
      activation.contains("'transformer.activation' cannot be 'mish'"), "\(activation)")
  }
}
