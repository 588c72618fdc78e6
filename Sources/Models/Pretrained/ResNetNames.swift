/// A residual network's parameter names in transformers' spelling, against torchvision's.
public enum ResNetNames {
  /// Rules for a `RenameTable`.
  ///
  /// - Parameters:
  ///   - root: where transformers' network stands, without a dot at the end.
  ///   - canonical: where torchvision's network stands, "" for the root of the names.
  public static func huggingFace(root: String, canonical: String) -> String {
    let block = "\(root).encoder.stages.<s>.layers.<b>"
    let canonical = canonical.isEmpty ? "" : canonical + "."
    let place = "\(canonical)layer<s+1>.<b>"
    return """
      \(root).embedder.embedder.convolution.<p> = \(canonical)conv1.<p>
      \(root).embedder.embedder.normalization.<p> = \(canonical)bn1.<p>
      \(block).shortcut.convolution.<p> = \(place).downsample.0.<p>
      \(block).shortcut.normalization.<p> = \(place).downsample.1.<p>
      \(block).layer.<k>.convolution.<p> = \(place).conv<k+1>.<p>
      \(block).layer.<k>.normalization.<p> = \(place).bn<k+1>.<p>
      """
  }
}
