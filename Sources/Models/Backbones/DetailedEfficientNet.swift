import Layers
import Tensors

/// An EfficientNet-Lite whose features keep what its last map has lost: the map at twice the
/// resolution, and what its own classifier says of every place.
///
/// The channels are those of the last map; then, where the network is fine, four times those of the
/// finer map, a 2 x 2 block at each place; then one for each group of classes, the logarithm of the
/// group's probability there. A network that was trained to tell what a whole picture shows so
/// tells where it is.
public struct DetailedEfficientNet: Backbone {
  private let network: EfficientNetLite
  private let isFine: Bool
  private let classifier: GroupClassifier?
  /// Channels of the feature map.
  public let channels: Int

  /// A network with the parameter names of the PyTorch port, `_conv_head`, `_bn1` and `_fc` among
  /// them where there are groups.
  public init(_ configuration: EfficientNetLiteConfiguration, in scope: Scope) throws {
    network = try EfficientNetLite(configuration, in: scope)
    isFine = configuration.isFine
    classifier =
      configuration.classGroups.isEmpty
      ? nil : try GroupClassifier(configuration, channels: network.channels, in: scope)
    channels =
      network.channels + (isFine ? 4 * network.fineChannels : 0) + (classifier?.names.count ?? 0)
  }

  /// Pictures `[batch, 3, height, width]` to features `[batch, height / s, width / s, channels]`,
  /// s being 32 in the published networks.
  public func callAsFunction(_ pixels: Tensor) -> Tensor {
    let (fine, coarse) = network.maps(pixels)
    var parts = [coarse]
    if isFine {
      parts.append(blocks(of: fine, rows: coarse.shape[1], columns: coarse.shape[2]))
    }
    if let classifier {
      parts.append(classifier.evidence(classifier.groups(atEachPlaceOf: coarse)))
    }
    return parts.count == 1 ? coarse : concatenated(parts, axis: 3)
  }

  /// The names of the groups of classes, in the order of their probabilities.
  public var groupNames: [String] { classifier?.names ?? [] }

  /// How probable it is that whole pictures show each group of classes.
  ///
  /// - Parameter pixels: `[batch, 3, height, width]`
  /// - Returns: `[batch, groups]`; the groups need not add up to 1.
  public func groups(of pixels: Tensor) -> Tensor {
    guard let classifier else { preconditionFailure("the network has no groups of classes") }
    return classifier.groups(of: network(pixels))
  }

  /// The 2 x 2 blocks of a map as the channels of one of half the resolution; zeros where the map's
  /// sides are odd. `[batch, 2 rows, 2 columns, c]` to `[batch, rows, columns, 4 c]`.
  private func blocks(of fine: Tensor, rows: Int, columns: Int) -> Tensor {
    let (batch, width) = (fine.shape[0], fine.shape[3])
    var map = fine
    if map.shape[1] < 2 * rows {
      map = concatenated([map, .zeros([batch, 1, map.shape[2], width])], axis: 1)
    }
    if map.shape[2] < 2 * columns {
      map = concatenated([map, .zeros([batch, map.shape[1], 1, width])], axis: 2)
    }
    return map.reshaped([batch, rows, 2, columns, 2 * width]).transposed([0, 1, 3, 2, 4])
      .reshaped([batch, rows, columns, 4 * width])
  }
}

/// The classifier of an EfficientNet-Lite, whose classes count by groups.
private struct GroupClassifier: Sendable {
  let names: [String]
  private let head: NormalizedConvolution
  private let classes: Linear
  /// `[classes, groups]`, 1 where a class is of a group.
  private let members: Tensor

  init(_ configuration: EfficientNetLiteConfiguration, channels: Int, in scope: Scope) throws {
    let count = ImageNetClasses.names.count
    names = configuration.classGroups.keys.sorted()
    head = try NormalizedConvolution(
      channels, configuration.head,
      ConvolutionShape(kernel: 1, epsilon: EfficientNetLite.epsilon), norm: configuration.norm,
      convolution: scope["_conv_head"], normalization: scope["_bn1"])
    classes = try Linear(configuration.head, count, in: scope["_fc"])
    var members = [Float](repeating: 0, count: count * names.count)
    for (column, name) in names.enumerated() {
      for row in configuration.classGroups[name] ?? [] {
        members[row * names.count + column] = 1
      }
    }
    self.members = Tensor(members, shape: [count, names.count])
  }

  /// `[batch, height, width, channels]` to `[batch, groups]`.
  func groups(of map: Tensor) -> Tensor {
    probabilities(head(map, activation: .relu6).mean(axes: [1, 2]))
  }

  /// `[batch, height, width, channels]` to `[batch, height, width, groups]`.
  func groups(atEachPlaceOf map: Tensor) -> Tensor {
    let shape = map.shape
    let seen = head(map, activation: .relu6)
    let places = shape[0] * shape[1] * shape[2]
    return probabilities(seen.reshaped([places, seen.shape[3]]))
      .reshaped([shape[0], shape[1], shape[2], names.count])
  }

  /// `[n, head]` to `[n, groups]`.
  private func probabilities(_ pooled: Tensor) -> Tensor {
    matmul(classes(pooled).softmax(), members)
  }

  /// Probabilities as numbers of about the size of the other channels.
  func evidence(_ probabilities: Tensor) -> Tensor {
    (probabilities + 1e-3).logarithm() * 0.5 + 2
  }
}
