import Models
import Tensors

/// Weights of published networks under the names that they have as parts of a UniT, to begin a
/// training with.
///
/// ```swift
/// let file = "efficientnet-lite0.pth"
/// let part = PretrainedParts.imageNetwork(try openCheckpoint(file).tensors(), file: file)
/// let source = ParameterSource(seed: 1, but: part, from: file)
/// ```
public enum PretrainedParts {
  /// The convolutional network of an image classifier: a ResNet with torchvision's or transformers'
  /// names, or an EfficientNet-Lite.
  ///
  /// - Parameters:
  ///   - file: where the weights come from, for error messages.
  ///   - keepsClassifier: whether the layers that tell the classes are wanted, too, as a network
  ///     with groups of classes does.
  /// - Throws: `RenameError` when the file holds a parameter under two names.
  public static func imageNetwork(
    _ tensors: [String: Tensor], file: String, keepsClassifier: Bool = false
  ) throws -> [String: Tensor] {
    part(try ImageClassifierFamily.resNetNames.canonical(tensors, file: file), under: imagePlace) {
      name in
      !keepsClassifier && classifierHeads.contains { name.hasPrefix($0) }
        || ImageClassifier.isUnused(name)
    }
  }

  /// The text encoder of a BERT with transformers' names.
  ///
  /// - Parameter file: where the weights come from, for error messages.
  /// - Throws: `RenameError` when the file holds a parameter under two names.
  public static func textEncoder(
    _ tensors: [String: Tensor], file: String
  ) throws -> [String: Tensor] {
    part(try BERTNames.canonical(tensors, file: file), under: "bert_model.module.") { name in
      name.hasPrefix("pooler.") || BERTNames.isUnused(name)
    }
  }

  private static let imagePlace = "unit_base_model.backbone.0.body."
  private static let classifierHeads = ["fc.", "_fc.", "_conv_head.", "_bn1."]

  private static func part(
    _ tensors: [String: Tensor], under place: String, leavingOut isLeftOut: (String) -> Bool
  ) -> [String: Tensor] {
    Dictionary(
      uniqueKeysWithValues: tensors.filter { !isLeftOut($0.key) }.map { (place + $0.key, $0.value) }
    )
  }
}
