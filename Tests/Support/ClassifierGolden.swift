import Models
import Tensors

/// The goldens of the image classifiers: `lite`, an EfficientNet-Lite; `basic` and `bottleneck`,
/// residual networks with torchvision's names. All have seven classes.
public struct ClassifierGolden {
  /// The file.
  public let golden: Golden
  private let name: String

  /// The goldens of one network.
  public init(_ name: String) throws {
    golden = try Golden("Pretrained/classifiers.safetensors")
    self.name = name
  }

  /// `pixels`, `features`, `logits`, and for `lite` also `fine` and `pooled`.
  public subscript(_ entry: String) -> Tensor { golden["\(name)/\(entry)"] }

  /// The network's parameters by name.
  public var parameters: [String: Tensor] { golden.tensors(under: "\(name)/parameters/") }

  /// The dimensions of `lite`.
  public static let lite = EfficientNetLiteConfiguration(
    stem: 8,
    stages: [
      .init(blocks: 1, kernel: 3, stride: 1, expansion: 1, width: 8),
      .init(blocks: 2, kernel: 3, stride: 2, expansion: 3, width: 8),
      .init(blocks: 2, kernel: 5, stride: 2, expansion: 2, width: 16),
      .init(blocks: 1, kernel: 3, stride: 1, expansion: 2, width: 24),
    ], head: 32)

  /// The network's dimensions.
  public var backbone: BackboneConfiguration {
    if name == "lite" { return .efficientNetLite(Self.lite) }
    guard let network = ResNetConfiguration.inferred(from: parameters.mapValues(\.shape)) else {
      fatalError("golden: \(name) is no residual network")
    }
    return .resNet(network)
  }
}

extension Golden {
  /// The tensors whose names begin with `prefix`, by the rest of their names.
  public func tensors(under prefix: String) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: names(under: prefix).map { ($0, self[prefix + $0]) })
  }
}
