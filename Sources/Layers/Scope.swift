import Tensors

/// A place in the tree of parameter names, from which layers take their parameters.
///
/// The same initialiser of a layer creates fresh weights or takes them from a checkpoint: which of
/// the two is decided by the `ParameterSource` behind the scope. A layer writes
/// `try Linear(in: scope["linear1"], …)` and never sees a whole name.
public struct Scope {
  let source: ParameterSource
  /// The dotted name of this place, empty at the root.
  public let path: String
  private let isExact: Bool

  init(source: ParameterSource, path: String, isExact: Bool = false) {
    self.source = source
    self.path = path
    self.isExact = isExact
  }

  /// The place called `name` below this one; `name` may hold dots.
  public subscript(name: String) -> Scope {
    Scope(source: source, path: full(name), isExact: isExact)
  }

  /// The same place, below which products are computed in 32-bit floats whatever the model's
  /// precision: for the last layers of heads, whose work is small and whose errors nothing evens out.
  public var exact: Scope { Scope(source: source, path: path, isExact: true) }

  /// The place of element `index` of a list of layers.
  public subscript(index: Int) -> Scope { self[String(index)] }

  /// Takes a parameter.
  ///
  /// - Parameters:
  ///   - name: name below this scope.
  ///   - shape: the shape that it must have.
  ///   - initializer: how it begins when there is no checkpoint.
  ///   - isTrainable: false for a buffer such as a running mean.
  /// - Throws: `ParameterError` when the checkpoint lacks it or holds another shape.
  public func parameter(
    _ name: String, _ shape: Shape, _ initializer: Initializer, isTrainable: Bool = true
  ) throws -> Parameter {
    try source.take(
      full(name), shape: shape, initializer: initializer, isTrainable: isTrainable, precision: nil)
  }

  /// Takes a parameter that is a factor of products, which are computed in the model's precision.
  ///
  /// - Parameters:
  ///   - name: name below this scope.
  ///   - shape: the shape that it must have; the first axis is that of the products' columns.
  ///   - initializer: how it begins when there is no checkpoint.
  /// - Throws: `ParameterError` when the checkpoint lacks it or holds another shape.
  public func weight(_ name: String, _ shape: Shape, _ initializer: Initializer) throws -> Parameter
  {
    try source.take(
      full(name), shape: shape, initializer: initializer, isTrainable: true,
      precision: isExact ? nil : source.precision)
  }

  private func full(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
