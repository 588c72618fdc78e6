import Checkpoints
import Datasets
import Foundation
import Heads
import Inputs
import Models
import Tensors

/// What the encoders of a model that are not trained give for pictures and texts, computed once.
///
/// Pictures are kept in files of the run's folder, one for each preprocessing; texts in memory.
final class FrozenEncoders: Sendable {
  /// The states of texts; nil where the text encoder is trained, or told the task.
  let texts: TextStates?
  private let model: MultitaskModel
  private let stores: [Preprocessing: PictureStore]
  /// The tasks all of whose pictures are known again.
  private let cached: Set<String>

  /// A store and where each picture is in it.
  private struct PictureStore: Sendable {
    let store: FeatureStore
    let slots: [String: Int]
  }

  /// The pictures of a task.
  typealias TaskPictures = (task: TaskSpec, data: any TaskDataset)

  /// Finds out which encoders are frozen; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - model: with the recipe's patterns applied.
  ///   - folder: where the features of pictures are kept.
  /// - Throws: `TrainingError.notFrozen` where no encoder is, `CheckpointError.cannotWrite`.
  init(_ model: MultitaskModel, tasks: [TaskPictures], folder: String) throws {
    self.model = model
    func isFrozen(_ prefix: String) -> Bool {
      let parameters = model.parameters.filter { $0.name.hasPrefix(prefix) }
      return !parameters.isEmpty && parameters.allSatisfy { !$0.isTrainable }
    }
    let reading = tasks.first { $0.task.inputs.contains(.text) }?.task
    let isText = isFrozen("bert_model.") && model.configuration.text?.taskEmbeddings == 0
    texts = isText ? reading.map { TextStates(model, task: $0) } : nil
    let lasting = tasks.filter { task, data in
      isFrozen(Self.backbone) && task.inputs.contains(.image)
        && (task.preprocessing ?? model.configuration.preprocessing)?.extent != nil
        && (0..<data.count).allSatisfy { data.pictureName($0) != nil }
    }
    cached = Set(lasting.map(\.task.name))
    stores = try Self.stores(model, tasks: lasting, folder: folder)
    if texts == nil && stores.isEmpty { throw TrainingError.notFrozen }
  }

  private static let backbone = "unit_base_model.backbone."

  private static func stores(
    _ model: MultitaskModel, tasks: [TaskPictures], folder: String
  ) throws -> [Preprocessing: PictureStore] {
    var slots: [Preprocessing: [String: Int]] = [:]
    for (task, data) in tasks {
      guard let preprocessing = task.preprocessing ?? model.configuration.preprocessing
      else {
        continue
      }
      for index in 0..<data.count {
        guard let name = data.pictureName(index) else { continue }
        let next = slots[preprocessing]?.count ?? 0
        if slots[preprocessing]?[name] == nil { slots[preprocessing, default: [:]][name] = next }
      }
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let weights = Checksum.of(
      model.parameters.filter { $0.name.hasPrefix(backbone) }
        .map { parameter in
          parameter.value.withPointer {
            Checksum.of(UnsafeRawBufferPointer(start: $0, count: 4 * parameter.value.count))
          }
        }.joined())
    return try slots.reduce(into: [:]) { stores, entry in
      let (preprocessing, slots) = entry
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let name = Checksum.of(try encoder.encode(preprocessing))
      let blank = ImageBatch(
        [Tensor.zeros([3, preprocessing.extent!.height, preprocessing.extent!.width])])
      let shape = model.network.imageFeatures(blank).shape
      let pictures = slots.sorted { $0.value < $1.value }.map(\.key).joined(separator: "\n")
      stores[preprocessing] = PictureStore(
        store: try FeatureStore(
          path: "\(folder)/\(name).bf16", shape: shape, slots: slots.count,
          fingerprint: Checksum.of(weights + name + pictures + "\(shape)")),
        slots: slots)
    }
  }

  /// What is known of a sample's picture, computed now where it was not; nil where the picture is
  /// none that is known again.
  func picture(_ index: Int, of data: any TaskDataset, task: TaskSpec) throws -> KnownPicture? {
    guard cached.contains(task.name),
      let preprocessing = task.preprocessing ?? model.configuration.preprocessing,
      let extent = preprocessing.extent, let pictures = stores[preprocessing],
      let name = data.pictureName(index), let slot = pictures.slots[name]
    else { return nil }
    let (features, original) = try pictures.store.map(slot) {
      guard let image = try data.sample(index).image else {
        throw BatchError.lacks(task: task.name, sample: name, what: "picture")
      }
      let batch = preprocessing.batch([image])
      return (
        model.network.imageFeatures(batch),
        ImageSize(width: image.originalSize.width, height: image.originalSize.height)
      )
    }
    return KnownPicture(
      features: features, original: original, size: preprocessing.resize.size(of: original),
      extent: extent)
  }

  /// Writes what was computed to the disk.
  func flush() throws { for store in stores.values { try store.store.flush() } }
}

extension Preprocessing {
  /// The size that every picture has after padding; nil where pictures differ.
  var extent: ImageSize? {
    switch resize {
    case .fixed(let width, let height):
      padding == nil ? ImageSize(width: width, height: height) : nil
    case .within(let width, let height):
      padding == ImageSize(width: width, height: height) ? padding : nil
    default: nil
    }
  }
}
