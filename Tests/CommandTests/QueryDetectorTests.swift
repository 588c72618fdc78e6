import Checkpoints
import Foundation
import Support
import Tensors
import Testing

/// Conditional DETR and DAB-DETR in transformers' folders, as a user runs them; the expected values
/// are those of `Goldens/ConditionalDETR/make.py`.
@Suite struct QueryDetectorTests {
  private struct Expected: Decodable {
    let score: Float
    let label: String
    let id: Int
    let box: [Float]
  }

  private struct Found: Decodable {
    struct Box: Decodable { let x, y, width, height: Float }
    struct Object: Decodable {
      let label: String
      let class_id: Int
      let score: Float
      let box: Box
    }
    let detections: [Object]
  }

  private static func path(_ name: String) -> String { Golden.path("ConditionalDETR/\(name)") }

  private static func expected(_ name: String) throws -> [Expected] {
    let text = try Data(contentsOf: URL(fileURLWithPath: path("detections.json")))
    return try #require(JSONDecoder().decode([String: [Expected]].self, from: text)[name])
  }

  /// Expects what the image processor's post-processing made of the same picture.
  private func expectDetections(_ model: String, of name: String) throws {
    let run = try unit(
      "detect", Self.path("picture.png"), "--model", model, "--threshold", "0", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let found = try JSONDecoder().decode(Found.self, from: Data(run.output)).detections
    let expected = try Self.expected(name)
    #expect(expected.count == 100)
    #expect(found.count == 100)
    for (object, wanted) in zip(found, expected) {
      let box = object.box
      #expect((object.label, object.class_id) == (wanted.label, wanted.id))
      #expect(abs(object.score - wanted.score) < 1e-5)
      for (number, edge) in zip([box.x, box.y, box.x + box.width, box.y + box.height], wanted.box) {
        #expect(abs(number - edge) < 2e-3)
      }
    }
  }

  @Test(arguments: ["conditional", "dab"])
  func detectionsEqualThoseOfTransformers(_ name: String) throws {
    try expectDetections(Self.path(name), of: name)
  }

  @Test(arguments: ["conditional", "dab"])
  func convertedModelsDetectTheSame(_ name: String) throws {
    let folder = try TemporaryFolder()
    let (ours, theirs) = (folder.path("ours"), folder.path("theirs"))
    #expect(try unit("convert", Self.path(name), "--to", ours).status == 0)
    try expectDetections(ours, of: name)
    #expect(try unit("convert", ours, "--to", theirs, "--layout", "hf").status == 0)
    try expectDetections(theirs, of: name)
  }

  @Test(arguments: ["conditional", "dab"])
  func debugForwardGivesTheOutputsOfTransformers(_ name: String) throws {
    let folder = try TemporaryFolder()
    let golden = try Golden("ConditionalDETR/inputs.safetensors")
    let (inputs, outputs) = (folder.path("in.safetensors"), folder.path("out.safetensors"))
    try writeSafetensors(
      [("pixel_values", golden["pixels"] / 64 - 2), ("pixel_mask", golden["mask"])], to: inputs)
    let run = try unit(
      "debug", "forward", "--model", Self.path(name), "--inputs", inputs, "--outputs", outputs)
    #expect(run.status == 0, "\(run.errors)")
    let written = try SafetensorsFile(contentsOf: outputs)
    let expected = try Golden("ConditionalDETR/\(name).expected.safetensors")
    for (output, reference) in [
      ("logits", "logits"), ("pred_boxes", "boxes"), ("last_hidden_state", "state"),
      ("encoder_last_hidden_state", "encoder"),
    ] {
      expectClose(
        try written.tensor(output), expected[reference], absolute: 1e-5, relative: 1e-5, output)
    }
  }
}
