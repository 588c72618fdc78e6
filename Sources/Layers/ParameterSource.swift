import Tensors
import Wording

/// Where the parameters of a model that is being built come from, and the list of those taken.
///
/// Used by one thread while a model is built; the model keeps the parameters, not the source.
public final class ParameterSource {
  // What becomes of a parameter that is not among the tensors.
  private enum Rest {
    case fresh(RandomKey)
    case zeros
    case missing
  }

  private let rest: Rest
  private let tensors: [String: Tensor]
  private let file: String
  private let spelling: (String) -> String
  private var taken: Set<String> = []
  /// The arithmetic of the products of the model that is built from here; set before that.
  public var precision = Precision.f32
  /// Every parameter that was taken, in the order of taking: the order of a checkpoint.
  public private(set) var parameters: [Parameter] = []

  /// A source of fresh weights; a parameter's values depend on the seed and its name alone.
  ///
  /// - Parameters:
  ///   - seed: the seed.
  ///   - tensors: weights that begin with these values instead, such as a pretrained part's.
  ///   - file: the file they come from, for error messages.
  ///   - precision: the arithmetic of the model's products.
  public convenience init(
    seed: UInt64, but tensors: [String: Tensor] = [:], from file: String = "",
    precision: Precision = .f32
  ) {
    self.init(.fresh(RandomKey(seed: seed).folding("parameters")), but: tensors, from: file)
    self.precision = precision
  }

  /// A source of the given weights.
  ///
  /// - Parameters:
  ///   - tensors: the weights by name.
  ///   - file: the file they come from, for error messages.
  ///   - spelling: what that file calls a weight, for error messages.
  public convenience init(
    tensors: [String: Tensor], file: String, spelling: @escaping (String) -> String = { $0 }
  ) {
    self.init(.missing, but: tensors, from: file, spelling: spelling)
  }

  private init(
    _ rest: Rest, but tensors: [String: Tensor], from file: String,
    spelling: @escaping (String) -> String = { $0 }
  ) {
    self.rest = rest
    self.spelling = spelling
    self.tensors = tensors
    self.file = file
  }

  /// A source that only records names and shapes: the values are zeros that take no memory, however
  /// large the model.
  public static func outline() -> ParameterSource { ParameterSource(.zeros, but: [:], from: "") }

  /// The root of the tree of names.
  public var root: Scope { Scope(source: self, path: "") }

  func take(
    _ name: String, shape: Shape, initializer: Initializer, isTrainable: Bool, precision: Precision?
  ) throws -> Parameter {
    precondition(taken.insert(name).inserted, "two layers ask for the parameter \(name)")
    let parameter = Parameter(
      name, try value(name, shape, initializer), isTrainable: isTrainable, precision: precision)
    parameters.append(parameter)
    return parameter
  }

  private func value(_ name: String, _ shape: Shape, _ initializer: Initializer) throws -> Tensor {
    guard let tensor = tensors[name] else {
      switch rest {
      case .fresh(let key): return initializer.tensor(shape, key: key.folding(name))
      case .zeros: return ZeroPages.tensor(shape)
      case .missing:
        throw ParameterError.missing(
          name: spelling(name), shape: shape, file: file,
          similar: closestName(to: name, among: tensors.keys.sorted()).map(spelling))
      }
    }
    guard tensor.shape == shape else {
      throw ParameterError.wrongShape(
        name: spelling(name), expected: shape, found: tensor.shape, file: file)
    }
    if let position = notFinite[name] {
      throw ParameterError.notFinite(name: spelling(name), position: position, file: file)
    }
    return tensor
  }

  /// Checks, after the model is built, that no weight was left over.
  ///
  /// - Parameter isIgnored: names that a layout carries but the model has no use for.
  /// - Throws: `ParameterError.unused`.
  public func finish(ignoring isIgnored: (String) -> Bool = { _ in false }) throws {
    let unused = tensors.keys.filter { !taken.contains($0) && !isIgnored($0) }.sorted()
    if !unused.isEmpty { throw ParameterError.unused(names: unused.map(spelling), file: file) }
  }

  // By name, where a tensor has its first element that is not a number. All tensors are looked
  // through at once, so that several threads read the file.
  private lazy var notFinite: [String: Int] = {
    let names = tensors.keys.sorted()
    let positions = firstNotFinite(names.compactMap { tensors[$0] })
    return Dictionary(
      uniqueKeysWithValues: zip(names, positions).compactMap { name, position in
        position.map { (name, $0) }
      })
  }()
}
