import Tensors

/// Weights that do not fit the model they are meant for.
public enum ParameterError: Error, CustomStringConvertible, Equatable {
  /// A weight that the model needs is not in the file.
  case missing(name: String, shape: Shape, file: String, similar: String?)
  /// A weight has another shape than the configuration asks for.
  case wrongShape(name: String, expected: Shape, found: Shape, file: String)
  /// The file holds weights that the model has no place for.
  case unused(names: [String], file: String)
  /// A weight is NaN or infinite.
  case notFinite(name: String, position: Int, file: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing, .unused: "\(fact) Check that config.json belongs to these weights."
    case .wrongShape:
      "\(fact) Check the dimensions and the numbers of labels in config.json."
    case .notFinite:
      "\(fact) The file is damaged or its training diverged; use another checkpoint."
    }
  }

  /// What is wrong and where, without what to do.
  public var fact: String {
    switch self {
    case .missing(let name, let shape, let file, let similar):
      let hint = similar.map { "; the file has '\($0)'" } ?? ""
      return "\(file): the weight '\(name)' of shape \(shape) is missing\(hint)."
    case .wrongShape(let name, let expected, let found, let file):
      return "\(file): the weight '\(name)' should have the shape \(expected), found \(found)."
    case .unused(let names, let file):
      let list = names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
      let more = names.count > 3 ? " and \(names.count - 3) more" : ""
      return "\(file): the model has no place for \(list)\(more)."
    case .notFinite(let name, let position, let file):
      return "\(file): the weight '\(name)' is not a finite number at element \(position)."
    }
  }
}
