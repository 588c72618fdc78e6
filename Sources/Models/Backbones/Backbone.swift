import Layers
import Tensors

/// A convolutional network that turns pictures into a map of features.
public protocol Backbone: Sendable {
  /// Channels of the feature map.
  var channels: Int { get }

  /// Pictures `[batch, 3, height, width]` to features `[batch, height / s, width / s, channels]`.
  func callAsFunction(_ pixels: Tensor) -> Tensor
}

/// What follows each convolution of a backbone.
public enum BackboneNorm: String, Codable, Sendable, CaseIterable {
  /// Batch normalisation with the statistics of a pretrained network, never trained.
  case frozen
  /// A trained scale and shift without statistics: for networks trained from scratch.
  case affine

  // Without statistics a fresh residual branch would double the variance in every block.
  var residualScale: Float { self == .affine ? 0.2 : 1 }
}

/// The dimensions of a backbone of one of the known kinds.
///
/// In a `config.json` the entry `kind` names the kind; without it, the entries are a ResNet's.
public enum BackboneConfiguration: Codable, Sendable, Equatable {
  /// A residual network.
  case resNet(ResNetConfiguration)
  /// An EfficientNet-Lite.
  case efficientNetLite(EfficientNetLiteConfiguration)

  private enum CodingKeys: CodingKey { case kind }

  /// Decodes the kind that `kind` names.
  public init(from decoder: any Decoder) throws {
    let entries = try decoder.container(keyedBy: CodingKeys.self)
    if entries.contains(.kind) {
      self = .efficientNetLite(try EfficientNetLiteConfiguration(from: decoder))
    } else {
      self = .resNet(try ResNetConfiguration(from: decoder))
    }
  }

  /// Encodes the entries of the kind.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .resNet(let configuration): try configuration.encode(to: encoder)
    case .efficientNetLite(let configuration): try configuration.encode(to: encoder)
    }
  }

  /// What follows each convolution.
  public var norm: BackboneNorm {
    switch self {
    case .resNet(let configuration): configuration.norm
    case .efficientNetLite(let configuration): configuration.norm
    }
  }

  /// The residual network; nil for another kind.
  public var resNet: ResNetConfiguration? {
    if case .resNet(let configuration) = self { configuration } else { nil }
  }

  /// The network with its parameters below `scope`.
  ///
  /// - Throws: `ParameterError` when a checkpoint does not fit.
  public func network(in scope: Scope) throws -> any Backbone {
    switch self {
    case .resNet(let configuration): try ResNet(configuration, in: scope)
    case .efficientNetLite(let configuration):
      if configuration.isFine || !configuration.classGroups.isEmpty {
        try DetailedEfficientNet(configuration, in: scope)
      } else {
        try EfficientNetLite(configuration, in: scope)
      }
    }
  }
}
