import Foundation
import Layers
import Models
import Support
import Tensors
import Testing

@testable import Heads

/// The tables of names against lists of the published names; `Tests/Goldens/DETR/make.py` tells
/// where the lists come from.
@Suite struct DETRNamesTests {
  @Test(arguments: [
    ("published/original_r50.txt", "facebook"), ("published/hf_timm.txt", "huggingface"),
    ("published/hf_resnet.txt", "huggingface"),
  ])
  func everyPublishedNameIsConsumed(_ list: String, _ layout: String) throws {
    let configuration = UniTConfiguration.detr(
      backbone: .standard(layers: 50)!, labels: [String](repeating: "", count: 91))
    let model = try self.model(configuration, list, layout)
    // Frozen batch normalisations are not counted, as they are not trained.
    let trained = model.parameters.filter(\.isTrainable)
    #expect(trained.reduce(0) { $0 + $1.value.count } == 41_524_768)
  }

  @Test func everyNameOfTransformersFiveIsConsumed() throws {
    let configuration = try DETRTests.model("huggingface-resnet").configuration
    _ = try model(configuration, "names5.txt", "huggingface")
  }

  @Test(arguments: [
    ("published/original_r50.txt", "facebook"), ("published/hf_timm.txt", "timm"),
    ("published/hf_resnet.txt", "resnet"),
  ])
  func wayBackGivesThePublishedNames(_ list: String, _ layout: String) throws {
    let shapes = try Self.shapes(list)
    let canonical = try table(layout).canonical(shapes.mapValues(Self.outline), file: list)
    let back = table(layout).original(canonical.map { ($0.key, $0.value) })
    #expect(back.count == shapes.count)
    for (name, tensor) in back { #expect(shapes[name] == tensor.shape, "\(name)") }
  }

  private func table(_ layout: String) -> RenameTable {
    switch layout {
    case "facebook": DETRNames.facebook
    case "timm": DETRNames.timm
    case "resnet": DETRNames.huggingFaceResNet
    default: DETRNames.huggingFace
    }
  }

  // The model takes all of the renamed tensors, in their shapes, or throws.
  private func model(
    _ configuration: UniTConfiguration, _ list: String, _ layout: String
  ) throws -> MultitaskModel {
    let tensors = try Self.shapes(list).mapValues(Self.outline)
    return try MultitaskModel(
      configuration, wordPiece: nil,
      source: ParameterSource(
        tensors: table(layout).canonical(tensors, file: list), file: list))
  }

  private static func outline(_ shape: Shape) -> Tensor { Tensor.zeros(shape) }

  /// The shapes of a list of lines `name<tab>(1, 2, 3)`.
  static func shapes(_ list: String) throws -> [String: Shape] {
    let text = try String(contentsOfFile: Golden.path("DETR/\(list)"), encoding: .utf8)
    var shapes: [String: Shape] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "\t")
      shapes[String(parts[0])] = parts[1].split { !$0.isNumber }.compactMap { Int($0) }
    }
    return shapes
  }
}
