import Checkpoints
import Foundation
import Heads
import Models
import Tensors
import Wording

extension WeightTransfer {
  /// Opens what a recipe names as `weights`: a model's folder in this program's layout or that of
  /// transformers, a checkpoint of DETR or of MMF's UniT, or a file of weights with this program's
  /// names.
  ///
  /// - Parameters:
  ///   - path: the folder or file.
  ///   - model: the new model; a file of weights that fit it in name and shape is taken as it is.
  ///   - vocabulary: where the new model's word pieces lie, for checkpoints that have none.
  /// - Throws: `ModelDirectoryError.otherFamily` for models that are not made of UniT's parts, and
  ///   whatever opening throws.
  init(opening path: String, for model: MultitaskModel, vocabulary: String) throws {
    if let folder = Self.modelFolder(path) {
      try self.init(ModelDirectory.load(folder), source: path)
      return
    }
    let archive = try openCheckpoint(path)
    let shapes = Dictionary(archive.entries.map { ($0.name, $0.shape) }) { first, _ in first }
    let fits = model.parameters.allSatisfy { shapes[$0.name] == $0.value.shape }
    if !fits, let known = try Self.knownLayout(archive, vocabulary: vocabulary) {
      self.init(known, source: path)
    } else {
      // Weights by their names alone, without the names of classes.
      self.init(tensors: try archive.tensors(), tasks: [], source: path)
    }
  }

  /// The model of a bare checkpoint of a layout that tells what its weights are; nil for others.
  private static func knownLayout(
    _ archive: any TensorArchive, vocabulary: String
  ) throws -> MultitaskModel? {
    let options = ImportOptions(
      vocabulary: FileManager.default.fileExists(atPath: vocabulary) ? vocabulary : nil)
    do {
      let model = try FamilyRegistry.open(archive, options: options)
      guard let model = model as? MultitaskModel else {
        throw ModelDirectoryError.otherFamily(path: archive.path, family: model.family)
      }
      return model
    } catch ImportError.unrecognized {
      return nil
    } catch is UniTImportError {
      // This program's own weights without their configuration look like a UniT that lacks things.
      return nil
    }
  }

  private init(_ model: MultitaskModel, source: String) {
    self.init(
      tensors: Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.value) }),
      tasks: model.configuration.tasks, source: source)
  }

  /// The folder of a model: the path itself, or where its file of weights lies.
  private static func modelFolder(_ path: String) -> String? {
    func isModel(_ folder: String) -> Bool {
      FileManager.default.fileExists(
        atPath: folder + "/" + ModelDirectory.FileName.configuration)
    }
    if isModel(path) { return path }
    guard path.hasSuffix("/" + ModelDirectory.FileName.weights) else { return nil }
    let folder = parentFolder(of: path)
    return isModel(folder) ? folder : nil
  }
}
