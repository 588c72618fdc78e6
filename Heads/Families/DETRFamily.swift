import Inputs
import Layers
import Models
import Tensors

/// DETR (Carion et al., 2020) as transformers publishes it: opened as a UniT with one task.
enum DETRFamily {
  /// Opens a folder of transformers' layout, with either kind of backbone.
  static func openHuggingFace(_ folder: ModelFolder) throws -> any AnsweringModel {
    let configuration = try HuggingFaceDETR.configuration(folder)
    try checkingEntries(widthKey: "d_model") {
      try configuration.validate(file: folder.configuration.file, heads: HeadRegistry.names)
    }
    let (tensors, file) = try folder.weights()
    let names = DETRNames.huggingFace
    return try MultitaskModel(
      configuration, wordPiece: nil,
      source: folder.parameterSource(
        names.canonical(tensors, file: file), file: file,
        spelling: names.spelling(in: tensors.keys)))
  }

  /// The folder of transformers' layout, for a model that is a DETR.
  ///
  /// - Throws: `AnsweringError.noLayout` for any other.
  static func huggingFaceFiles(_ model: MultitaskModel) throws -> ModelFiles {
    let configuration = model.configuration
    guard let image = configuration.image, let backbone = image.backbone.resNet,
      isDETR(configuration)
    else {
      throw AnsweringError.noLayout(layout: .huggingFace, family: model.family)
    }
    let task = configuration.tasks[0]
    let tensors = model.parameters.map { parameter in
      (name: generic(parameter.name, task), tensor: parameter.value)
    }
    let names =
      backbone.timmName == nil ? DETRNames.huggingFaceResNet : DETRNames.timm
    var texts = [
      (
        ModelDirectory.FileName.configuration,
        try configurationText(
          HuggingFaceDETR.entries(backbone, image, configuration.decoder, task: task))
      )
    ]
    if let preprocessing = configuration.preprocessing {
      let json = try preprocessing.huggingFaceJSON(for: .detr)
      texts.append((ModelDirectory.FileName.preprocessing, [UInt8](json)))
    }
    return ModelFiles(
      texts: texts, tensors: names.original(tensors), metadata: ["format": "pt"])
  }

  /// Whether a UniT has just the parts of a DETR.
  static func isDETR(_ configuration: UniTConfiguration) -> Bool {
    guard let image = configuration.image, configuration.text == nil,
      configuration.tasks.count == 1
    else { return false }
    let task = configuration.tasks[0]
    return task.head == "detection" && task.attributes == nil && image.taskEmbeddings == 0
      && !image.addsProjection && image.width == configuration.decoder.width
      && image.backbone.resNet?.norm == .frozen && !image.normalizesBefore
      && !configuration.decoder.normalizesBefore && configuration.decoder.isShared
  }

  // The names of the tables are written for a task that is called `detection`.
  private static func generic(_ name: String, _ task: TaskSpec) -> String {
    let places = [
      "class_embeds.\(task.name).": "class_embeds.detection.",
      "bbox_embeds.\(task.name).": "bbox_embeds.detection.",
      "unit_base_model.query_embeds.\(task.group).\(task.name).":
        "unit_base_model.query_embeds.detection.detection.",
    ]
    for (place, generic) in places where name.hasPrefix(place) {
      return generic + name.dropFirst(place.count)
    }
    return name
  }
}
