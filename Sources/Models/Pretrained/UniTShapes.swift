import Tensors
import Wording

/// The names and shapes of a checkpoint's tensors, under this program's names, as the source of a
/// configuration.
struct UniTShapes {
  let file: String
  /// In the order of the file.
  let names: [String]
  private let shapes: [String: Shape]

  init(_ entries: [(name: String, shape: Shape)], file: String) {
    self.file = file
    names = entries.map(\.name)
    shapes = Dictionary(entries.map { ($0.name, $0.shape) }) { first, _ in first }
  }

  subscript(name: String) -> Shape? { shapes[name] }

  func has(prefix: String) -> Bool { names.contains { $0.hasPrefix(prefix) } }

  /// The extents of a tensor that must be there.
  ///
  /// - Parameter axes: what its axes are, for the error.
  func extents(_ name: String, _ axes: String...) throws -> Shape {
    guard let shape = shapes[name] else {
      throw UniTImportError.missing(
        file: file, name: name, similar: closestName(to: name, among: names))
    }
    guard shape.count == axes.count, shape.allSatisfy({ $0 > 0 }) else {
      throw UniTImportError.wrongShape(
        file: file, name: name, expected: "[\(axes.joined(separator: ", "))]", found: shape)
    }
    return shape
  }

  /// How many numbered parts there are: one more than the largest number behind the prefix.
  ///
  /// A part in the middle that is not there is found missing when the model is built.
  func count(under prefix: String) -> Int {
    names.reduce(0) { count, name in
      guard name.hasPrefix(prefix),
        let number = Int(name.dropFirst(prefix.count).prefix { $0 != "." })
      else { return count }
      // A number that no model has is left for the configuration's own check.
      return max(count, min(number, 1_000_000) + 1)
    }
  }
}

extension UniTShapes {
  /// The configuration of the network that the tensors belong to.
  ///
  /// - Throws: `UniTImportError`.
  func configuration(_ settings: UniTSettings) throws -> UniTConfiguration {
    guard has(prefix: "unit_base_model.") else {
      throw UniTImportError.notUniT(file: file, example: names.first)
    }
    let text = try text(settings)
    let tasks = try tasks(settings, positions: text.positions)
    return UniTConfiguration(
      image: try image(settings), text: text, decoder: try decoder(settings, tasks), tasks: tasks,
      preprocessing: .detr)
  }

  func image(_ settings: UniTSettings) throws -> ImageConfiguration {
    let width = try extents("unit_base_model.input_proj.weight", "width", "channels", "1", "1")[0]
    let layers = "unit_base_model.transformer.encoder.layers."
    return ImageConfiguration(
      backbone: .resNet(try backbone(settings)), width: width, heads: settings.heads,
      feedforward: try extents(layers + "0.linear1.weight", "feed-forward", "width")[0],
      layers: count(under: layers), dropout: settings.dropout,
      addsProjection: settings.addsProjection,
      taskEmbeddings: self[UniTNames.imageTokens]?.first ?? 0)
  }

  private func backbone(_ settings: UniTSettings) throws -> ResNetConfiguration {
    let body = "unit_base_model.backbone.0.body."
    let stem = try extents(body + "conv1.weight", "channels", "3", "rows", "columns")
    let stages = 1...max(count(under: body + "layer") - 1, 1)
    return ResNetConfiguration(
      block: self[body + "layer1.0.conv3.weight"] == nil ? .basic : .bottleneck, norm: .frozen,
      stem: .init(width: stem[0], kernel: stem[2], stride: 2, pool: true),
      widths: try stages.map {
        try extents(body + "layer\($0).0.conv1.weight", "width", "inputs", "rows", "columns")[0]
      },
      depths: stages.map { count(under: body + "layer\($0).") },
      dilatesLastStage: settings.dilatesLastStage)
  }

  private func text(_ settings: UniTSettings) throws -> TextConfiguration {
    let bert = "bert_model.module."
    func table(_ name: String) throws -> Shape {
      try extents("\(bert)embeddings.\(name)_embeddings.weight", "rows", "width")
    }
    let words = try table("word")
    let width = words[1]
    guard let heads = settings.textHeads ?? (width % 64 == 0 ? width / 64 : nil) else {
      throw UniTImportError.unknownHeads(file: file, part: "text encoder", width: width)
    }
    let layers = bert + "encoder.layer."
    return TextConfiguration(
      vocabulary: words[0], width: width, heads: heads,
      feedforward: try extents(layers + "0.intermediate.dense.weight", "feed-forward", "width")[0],
      layers: count(under: layers), positions: try table("position")[0],
      types: try table("token_type")[0], dropout: 0.1, lowercases: settings.lowercases,
      taskEmbeddings: self["task_embeddings_lang.weight"]?.first ?? 0)
  }

  func decoder(_ settings: UniTSettings, _ tasks: [TaskSpec]) throws
    -> DecoderConfiguration
  {
    let isShared = has(prefix: UniTNames.decoder)
    let place =
      isShared
      ? UniTNames.decoder : "\(UniTNames.decoders)\(tasks[0].group).\(tasks[0].name)."
    let shape = try extents(place + "layers.0.linear1.weight", "feed-forward", "width")
    return DecoderConfiguration(
      width: shape[1], heads: settings.heads, feedforward: shape[0],
      layers: count(under: place + "layers."), dropout: settings.dropout, isShared: isShared)
  }
}
