/// What cannot be done with a ViLT.
public enum ViLTError: Error, CustomStringConvertible, Equatable {
  /// The weights are those of a ViLT for something else than questions.
  case otherHead(file: String, found: String)
  /// A picture has no room for a single patch.
  case tooSmall(width: Int, height: Int, patch: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .otherHead(let file, let found):
      return "\(file): expected a ViLT that answers questions, whose answer layers are "
        + "'classifier.0', '.1' and '.3' (ViltForQuestionAnswering), found \(found). "
        + "Choose a checkpoint that was fine-tuned for visual question answering."
    case .tooSmall(let width, let height, let patch):
      return "the network's picture should be at least \(patch) x \(patch) pixels, one patch, "
        + "found \(width) x \(height). Enlarge it, or check 'preprocessing' in config.json."
    }
  }
}
