import Checkpoints
import Foundation
import Inputs
import Layers
import Models
import Tensors

/// DETR as facebookresearch/detr publishes it: a file whose names are the original's, with the
/// options of its training beside the weights.
enum FacebookDETR {
  static let layout = CheckpointLayout(
    name: "detr",
    recognizes: { shapes in
      ["class_embed.weight", "query_embed.weight", "backbone.0.body.conv1.weight"].allSatisfy {
        shapes[$0] != nil
      }
    }, open: open)

  private static func open(
    _ archive: any TensorArchive, _ options: ImportOptions
  ) throws -> any AnsweringModel {
    let file = archive.path
    let names = DETRNames.facebook
    let tensors = try names.canonical(archive.tensors(), file: file)
    var settings = UniTSettings()
    settings.addsProjection = false
    settings.heads = archive.option("nheads")?.integer ?? settings.heads
    settings.dilatesLastStage = options.dilatesLastStage ?? isDilated(archive, options)
    var configuration = try UniTConfiguration.detr(
      shapes: tensors.map { ($0.key, $0.value.shape) }.sorted { $0.0 < $1.0 }, file: file,
      settings: settings)
    configuration.tasks[0].labels = try labels(
      options.labels, rows: configuration.tasks[0].labels.count, file: file)
    try configuration.validate(file: file, heads: HeadRegistry.names)
    return try MultitaskModel(
      configuration, wordPiece: nil,
      source: ParameterSource(
        tensors: tensors, file: file, spelling: names.spelling(in: archive.entries.map(\.name))))
  }

  // The published files carry no options; their names tell the dilated ones.
  private static func isDilated(_ archive: any TensorArchive, _ options: ImportOptions) -> Bool {
    if let told = archive.option("dilation")?.truth { return told }
    let isNamed = (archive.path as NSString).lastPathComponent.lowercased().contains("dc5")
    options.note(
      "note: nothing in \(archive.path) tells whether its last stage is dilated (DC5); taken for "
        + (isNamed ? "dilated because of its name" : "not dilated, give --dc5 if it is"))
    return isNamed
  }

  private static func labels(_ given: [String]?, rows: Int, file: String) throws -> [String] {
    guard let given else {
      // The original's rows are COCO's own category ids.
      return rows == CocoLabels.names.count
        ? CocoLabels.names : (0..<rows).map { "LABEL_\($0)" }
    }
    guard given.count == rows else {
      throw ImportError.wrongLabelCount(file: file, expected: rows, found: given.count)
    }
    return given
  }
}

extension TensorArchive {
  /// An option of the training that wrote the archive, from the `args` beside its weights.
  fileprivate func option(_ name: String) -> CheckpointValue? {
    guard case .object(_, let parts)? = document?["args"] else { return nil }
    return parts.lazy.compactMap { $0[name] }.first
  }
}

extension CheckpointValue {
  fileprivate var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  fileprivate var truth: Bool? { if case .bool(let value) = self { value } else { nil } }
}
