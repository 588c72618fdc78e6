import Tensors
import Wording

/// Where the parameters of a model that is being built come from, and the list of those taken.
///
/// Used by one thread while a model is built; the model keeps the parameters, not the source.
public final class ParameterSource {
  private enum Origin {
    case fresh(RandomKey)
    case tensors([String: Tensor], file: String)
  }

  private let origin: Origin
  private var taken: Set<String> = []
  /// Every parameter that was taken, in the order of taking: the order of a checkpoint.
  public private(set) var parameters: [Parameter] = []

  /// A source of fresh weights; a parameter's values depend on the seed and its name alone.
  public init(seed: UInt64) { origin = .fresh(RandomKey(seed: seed).folding("parameters")) }

  /// A source of the given weights.
  ///
  /// - Parameters:
  ///   - tensors: the weights by name.
  ///   - file: the file they come from, for error messages.
  public init(tensors: [String: Tensor], file: String) {
    origin = .tensors(tensors, file: file)
  }

  /// The root of the tree of names.
  public var root: Scope { Scope(source: self, path: "") }

  func take(
    _ name: String, shape: Shape, initializer: Initializer, isTrainable: Bool
  ) throws -> Parameter {
    precondition(taken.insert(name).inserted, "two layers ask for the parameter \(name)")
    let value: Tensor
    switch origin {
    case .fresh(let key):
      value = initializer.tensor(shape, key: key.folding(name))
    case .tensors(let tensors, let file):
      guard let tensor = tensors[name] else {
        throw ParameterError.missing(
          name: name, shape: shape, file: file, similar: closestName(to: name, among: tensors.keys))
      }
      guard tensor.shape == shape else {
        throw ParameterError.wrongShape(
          name: name, expected: shape, found: tensor.shape, file: file)
      }
      try refuseNonFinite(tensor, name: name, file: file)
      value = tensor
    }
    let parameter = Parameter(name, value, isTrainable: isTrainable)
    parameters.append(parameter)
    return parameter
  }

  /// Checks, after the model is built, that no weight was left over.
  ///
  /// - Parameter isIgnored: names that a layout carries but the model has no use for.
  /// - Throws: `ParameterError.unused`.
  public func finish(ignoring isIgnored: (String) -> Bool = { _ in false }) throws {
    guard case .tensors(let tensors, let file) = origin else { return }
    let unused = tensors.keys.filter { !taken.contains($0) && !isIgnored($0) }.sorted()
    if !unused.isEmpty { throw ParameterError.unused(names: unused, file: file) }
  }

  // A sum that is finite proves that every element is; only a suspicious tensor is searched.
  private func refuseNonFinite(_ tensor: Tensor, name: String, file: String) throws {
    guard tensor.count > 0, !tensor.sum().scalar.isFinite else { return }
    let position = tensor.withPointer { elements in
      (0..<tensor.count).first { !elements[$0].isFinite }
    }
    guard let position else { return }
    throw ParameterError.notFinite(name: name, position: position, file: file)
  }
}
