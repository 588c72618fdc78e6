import Tensors

/// A checkpoint that is not one of UniT's, or not a whole one.
public enum UniTImportError: Error, CustomStringConvertible, Equatable {
  /// None of the parts of a UniT is there.
  case notUniT(file: String, example: String?)
  /// A tensor that tells the network's dimensions is not there.
  case missing(file: String, name: String, similar: String?)
  /// A tensor that tells the network's dimensions has another number of axes.
  case wrongShape(file: String, name: String, expected: String, found: Shape)
  /// Two names of one parameter hold different values.
  case aliasConflict(
    file: String, name: String, other: String, position: Int, value: Float, otherValue: Float)
  /// Two names of one parameter have different shapes.
  case aliasShapes(file: String, name: String, shape: Shape, other: String, otherShape: Shape)
  /// Two names of the file become the same one.
  case collision(file: String, name: String, other: String)
  /// Neither the checkpoint's configuration nor this program knows what a dataset's task is like.
  case unknownTask(file: String, name: String, group: String)
  /// Neither the checkpoint's configuration nor its shapes tell the number of attention heads.
  case unknownHeads(file: String, part: String, width: Int)
  /// The configuration asks for a network that this program does not have.
  case unsupported(file: String, key: String, expected: String, found: String)

  /// The model reads texts, and there is no vocabulary.
  case noVocabulary(file: String, count: Int)
  /// The vocabulary has another number of word pieces than the model.
  case wrongVocabulary(file: String, expected: Int, found: Int)
  /// A list of names has another length than the layer, or any layer, has rows.
  case wrongLabels(file: String, expected: [Int], found: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .notUniT(let file, let example):
      let found = example.map { "it holds tensors such as '\($0)'" } ?? "it holds no tensors"
      return "\(file): this is no checkpoint of UniT: nothing in it is called "
        + "'unit_base_model.…', \(found)."
    case .missing(let file, let name, let similar):
      let hint = similar.map { "; the file has '\($0)'" } ?? ""
      return "\(file): the tensor '\(name)' is missing\(hint). "
        + "The checkpoint is incomplete; fetch it again."
    case .wrongShape(let file, let name, let expected, let found):
      return "\(file): the tensor '\(name)' should have the shape \(expected), found \(found). "
        + "The checkpoint is damaged or not one of UniT's."
    case .aliasConflict(let file, let name, let other, let position, let value, let otherValue):
      return "\(file): '\(name)' and '\(other)' are one parameter and should be equal, but "
        + "element \(position) is \(value) in one and \(otherValue) in the other. "
        + "The checkpoint was changed by hand or is damaged."
    case .aliasShapes(let file, let name, let shape, let other, let otherShape):
      return "\(file): '\(name)' and '\(other)' are one parameter and should be equal, but have "
        + "the shapes \(shape) and \(otherShape). "
        + "The checkpoint was changed by hand or is damaged."
    case .collision(let file, let name, let other):
      return "\(file): '\(name)' and '\(other)' are two spellings of one name; "
        + "remove one of them."
    case .unknownTask(let file, let name, let group):
      return "\(file): the dataset '\(name)' of the type '\(group)' is none of the released ones, "
        + "and nothing says its task_idx and keep_only_bert_cls. "
        + "Put MMF's config.yaml beside the checkpoint."
    case .unknownHeads(let file, let part, let width):
      return "\(file): the number of attention heads of the \(part) of width \(width) is not "
        + "known. Put MMF's config.yaml beside the checkpoint."
    case .unsupported(let file, let key, let expected, let found):
      return "\(file): '\(key)' should be \(expected), found \(found); "
        + "this program has no such network."
    case .noVocabulary(let file, let count):
      return "\(file): the model reads texts of \(count) word pieces, and MMF's checkpoints do not "
        + "hold them. Give --vocabulary FILE, the vocab.txt of bert-base-uncased, "
        + "or put it beside the checkpoint."
    case .wrongVocabulary(let file, let expected, let found):
      return "\(file): the vocabulary should have \(expected) word pieces, found \(found). "
        + "Give the vocab.txt of the BERT that the model began with."
    case .wrongLabels(let file, let expected, let found):
      let counts = expected.map(String.init).joined(separator: " or ")
      return "\(file): expected \(counts) names, one a line, found \(found). "
        + "Give the list that the model was trained with."
    }
  }
}
