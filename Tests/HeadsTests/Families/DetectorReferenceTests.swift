import Inputs
import Models
import Support
import Tensors
import Testing

@testable import Heads

/// Conditional DETR and DAB-DETR against transformers' `ConditionalDetrForObjectDetection` and
/// `DabDetrForObjectDetection` on two padded pictures; `Goldens/ConditionalDETR/make.py`.
@Suite struct DetectorReferenceTests {
  /// The folder of a case of the goldens.
  static func folder(_ name: String) throws -> DetectorFolder {
    switch name {
    case "conditional.auxiliary":
      return try DetectorFolder(
        "conditional", configuration: { $0["auxiliary_loss"] = true })
    case "dab.patterns":
      let extra = try Golden("ConditionalDETR/dab.patterns.weights.safetensors")
      return try DetectorFolder(
        "dab",
        configuration: {
          $0["num_patterns"] = 2
          $0["keep_query_pos"] = true
          $0["normalize_before"] = true
          $0["temperature_height"] = 15
          $0["temperature_width"] = 30
          $0["sine_position_embedding_scale"] = 5
        }, tensors: { for name in extra.names { $0[name] = extra[name] } })
    default: return try DetectorFolder(name)
    }
  }

  static let cases = ["conditional", "conditional.auxiliary", "dab", "dab.patterns"]

  @Test(arguments: cases)
  func outputsEqualTheReference(_ name: String) throws {
    let golden = try Golden("ConditionalDETR/\(name).expected.safetensors")
    let model = try Self.folder(name).open()
    let images = try DetectorFolder.images()
    try forEveryKernelLevel { level in
      let outputs = try Dictionary(
        uniqueKeysWithValues: model.forward(images: images, texts: nil, task: model.tasks[0])
          .map { ($0.name, $0.tensor) })
      for (output, expected) in [
        ("logits", "logits"), ("pred_boxes", "boxes"), ("encoder_last_hidden_state", "encoder"),
        ("decoder_hidden_states.0", "state.0"), ("last_hidden_state", "state"),
      ] {
        expectClose(
          try #require(outputs[output]), golden[expected], absolute: 1e-5, relative: 1e-5,
          "\(level) \(output)")
      }
    }
  }

  @Test(arguments: cases)
  func gradientsEqualTheReference(_ name: String) throws {
    let golden = try Golden("ConditionalDETR/\(name).expected.safetensors")
    let model = try Self.folder(name).open()
    let images = try DetectorFolder.images()
    let (_, gradients) = try withGradients {
      let outputs = try Dictionary(
        uniqueKeysWithValues: model.forward(images: images, texts: nil, task: model.tasks[0])
          .map { ($0.name, $0.tensor) })
      return try (#require(outputs["logits"]) * golden["logits_weight"]).sum()
        + (#require(outputs["pred_boxes"]) * golden["boxes_weight"]).sum()
    }
    var published: [String: Tensor] = [:]
    for name in golden.names(under: "gradient.") { published[name] = golden["gradient." + name] }
    let names = model.family == "dab_detr" ? DetectorNames.dab : DetectorNames.conditional
    let expected = try names.canonical(published, file: golden.file.path)
    #expect(expected.count >= 11)
    for (name, gradient) in expected {
      let parameter = try #require(model.parameters.first { $0.name == name }, "\(name)")
      let largest = gradient.elements.map { abs($0) }.max() ?? 0
      expectClose(
        try #require(gradients[parameter], "\(name)"), gradient, absolute: 2e-5 * largest + 1e-6,
        relative: 1e-4, name)
    }
  }

  @Test(arguments: ["conditional", "dab"])
  func aPictureAloneGivesWhatItGivesInABatch(_ name: String) throws {
    let model = try ModelDirectory.open(DetectorFolder.path(name))
    let images = try DetectorFolder.images()
    let first = ImageBatch(
      pixels: images.pixels.sliced(axis: 0, range: 0..<1),
      mask: Array(images.mask.prefix(images.mask.count / 2)))
    let both = try model.forward(images: images, texts: nil, task: model.tasks[0])
    let alone = try model.forward(images: first, texts: nil, task: model.tasks[0])
    for (batch, single) in zip(both, alone) {
      expectClose(
        batch.tensor.sliced(axis: 0, range: 0..<1), single.tensor, absolute: 1e-5, batch.name)
    }
  }
}
