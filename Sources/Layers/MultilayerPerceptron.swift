import Tensors

/// Linear layers with ReLU between them; DETR's box regressor.
public struct MultilayerPerceptron: Sendable {
  /// The layers, called `layers.0`, `layers.1`, …
  public let layers: [Linear]

  /// Layers from `widths[0]` through all widths to the last.
  ///
  /// - Parameter last: how the last layer's weights begin, where it matters.
  public init(
    widths: [Int], last: Initializer = .xavierUniform, in scope: Scope
  ) throws {
    layers = try (1..<widths.count).map { index in
      let (place, isLast) = (scope["layers"][index - 1], index == widths.count - 1)
      return try Linear(
        widths[index - 1], widths[index], weight: isLast ? last : .xavierUniform,
        in: isLast ? place.exact : place)
    }
  }

  /// `[…, widths.first]` to `[…, widths.last]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    var x = x
    for layer in layers.dropLast() { x = layer(x, activation: .relu) }
    return layers[layers.count - 1](x)
  }
}
