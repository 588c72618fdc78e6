import Checkpoints
import Foundation
import Heads
import Inputs
import Layers
import Models
import Tensors

/// A small UniT with random weights that the PyTorch reference in `Goldens/UniT` also ran.
public struct ReferenceCase: Sendable {
  /// The network's dimensions and tasks.
  public let configuration: UniTConfiguration
  /// The network with the reference's weights.
  public let model: MultitaskModel

  /// A case of `Goldens/UniT/make.py`.
  public init(_ name: String) throws {
    let description = try Self.decode(NetworkDescription.self, from: "UniT/\(name).json")
    try self.init(description, parameters: Golden("UniT/\(name).parameters.safetensors"))
  }

  /// The names of the cases of `Goldens/UniT/make.py`.
  public static let names = ["shared", "separate", "plain", "basic"]

  /// The network of the training trace as it begins.
  public static func trace() throws -> ReferenceCase {
    struct Trace: Decodable { let network: NetworkDescription }
    return try ReferenceCase(
      decode(Trace.self, from: "UniT/trace/trace.json").network,
      parameters: Golden("UniT/trace/initial.safetensors"))
  }

  private init(_ description: NetworkDescription, parameters: Golden) throws {
    configuration = description.configuration
    var tensors: [String: Tensor] = [:]
    for name in parameters.names { tensors[name] = parameters[name] }
    model = try MultitaskModel(
      configuration, wordPiece: nil,
      source: ParameterSource(tensors: tensors, file: parameters.file.path))
  }

  private static func decode<Value: Decodable>(_ type: Value.Type, from name: String) throws
    -> Value
  {
    try JSONDecoder().decode(
      type, from: Data(contentsOf: URL(fileURLWithPath: Golden.path(name))))
  }
}

/// Two pictures of different size in one batch, padded texts, and targets for every task.
public struct ReferenceInputs: Sendable {
  private let golden: Golden
  private let prefix: String

  /// Inputs of a file of goldens whose names begin with `prefix`.
  public init(_ golden: Golden, prefix: String = "") {
    self.golden = golden
    self.prefix = prefix
  }

  /// The pictures with their padding.
  public var images: ImageBatch {
    ImageBatch(
      pixels: golden[prefix + "pixels"], mask: golden.booleans(prefix + "pixelMask"))
  }

  /// The texts of a task, nil for one without.
  public func texts(_ task: TaskSpec) -> TokenBatch? {
    guard task.inputs.contains(.text) else { return nil }
    let place = prefix + task.name
    let shape = golden["\(place).ids"].shape
    return TokenBatch(
      ids: golden.integers("\(place).ids"), typeIds: golden.integers("\(place).types"),
      mask: golden.booleans("\(place).mask"), batch: shape[0], length: shape[1])
  }

  /// What the task's answers should be.
  public func targets(_ task: TaskSpec) -> Targets {
    let place = "\(prefix)\(task.name).targets"
    switch task.head {
    case "answer": return .answers(golden[place])
    case "classification": return .classes(golden.integers(place))
    default: return .objects((0..<2).map { objects("\(place).\($0)") })
    }
  }

  /// The terms of a task's loss.
  public func loss(_ model: MultitaskModel, _ task: TaskSpec) throws -> [LossTerm] {
    try model.loss(images: images, texts: texts(task), targets: targets(task), task: task)
  }

  private func objects(_ place: String) -> ObjectTargets {
    let labels = golden.integers("\(place).labels")
    let numbers = golden["\(place).boxes"].elements
    let attributes =
      golden.contains("\(place).attributes") ? golden.integers("\(place).attributes") : []
    let columns = labels.isEmpty ? 0 : attributes.count / labels.count
    return ObjectTargets(
      labels: labels,
      boxes: labels.indices.map {
        ObjectTargets.Box(
          centerX: numbers[4 * $0], centerY: numbers[4 * $0 + 1], width: numbers[4 * $0 + 2],
          height: numbers[4 * $0 + 3])
      },
      attributes: labels.indices.map { object in
        attributes[object * columns..<(object + 1) * columns].filter { $0 >= 0 }
      })
  }
}

/// The reference's own description of a network.
private struct NetworkDescription: Decodable {
  struct Backbone: Decodable {
    let block: String
    let stem: Int
    let widths: [Int]
    let layers: [Int]
    let dc5: Bool
  }
  struct Encoder: Decodable {
    let width, heads, layers, feedForward: Int
    let residual: Bool?
    let shared: Bool?
    let vocabulary, positions, types: Int?
  }
  struct Tokens: Decodable {
    let image, text: Bool
    let rows: Int
  }
  struct Attributes: Decodable { let classes, embedding, hidden: Int }
  struct Entry: Decodable {
    let name, type: String
    let index, queries: Int
    let classes, labels: Int?
    let attributes: Attributes?
    let clsOnly: Bool?
    let loss: String?
  }
  let backbone: Backbone
  let imageEncoder, text, decoder: Encoder
  let taskTokens: Tokens
  let tasks: [Entry]

  var configuration: UniTConfiguration {
    func names(_ count: Int) -> [String] { (0..<count).map { "label \($0)" } }
    return UniTConfiguration(
      image: ImageConfiguration(
        backbone: .resNet(
          ResNetConfiguration(
            block: backbone.block == "basic" ? .basic : .bottleneck, norm: .frozen,
            stem: .init(width: backbone.stem, kernel: 7, stride: 2, pool: true),
            widths: backbone.widths, depths: backbone.layers, dilatesLastStage: backbone.dc5)),
        width: imageEncoder.width, heads: imageEncoder.heads,
        feedforward: imageEncoder.feedForward, layers: imageEncoder.layers, dropout: 0,
        addsProjection: imageEncoder.residual!,
        taskEmbeddings: taskTokens.image ? taskTokens.rows : 0),
      text: TextConfiguration(
        vocabulary: text.vocabulary!, width: text.width, heads: text.heads,
        feedforward: text.feedForward, layers: text.layers, positions: text.positions!,
        types: text.types!, dropout: 0, lowercases: true,
        taskEmbeddings: taskTokens.text ? taskTokens.rows : 0),
      decoder: DecoderConfiguration(
        width: decoder.width, heads: decoder.heads, feedforward: decoder.feedForward,
        layers: decoder.layers, dropout: 0, isShared: decoder.shared!),
      tasks: tasks.map { entry in
        TaskSpec(
          name: entry.name,
          head: entry.type == "detection"
            ? "detection" : entry.loss == "binary" ? "answer" : "classification",
          group: entry.type, index: entry.index, queries: entry.queries,
          inputs: entry.type == "detection"
            ? [.image] : entry.type == "vl" ? [.image, .text] : [.text],
          labels: names(entry.classes ?? entry.labels!),
          attributes: entry.attributes.map {
            AttributeSpec(
              labels: names($0.classes), embedding: $0.embedding, hidden: $0.hidden)
          },
          keepsOnlyCLS: entry.clsOnly ?? false)
      }, preprocessing: nil)
  }
}
