/// The image processors of Hugging Face's transformers (4.57) whose rules are known here; the raw
/// value is the name of the class without `ImageProcessor`.
///
/// The classes ending in `FeatureExtractor` (before 4.27), `ImageProcessorFast` and
/// `ImageProcessorPil` have the same rules.
public enum HuggingFaceProcessor: String, Sendable, CaseIterable {
  /// DETR.
  case detr = "Detr"
  /// Conditional DETR and DAB-DETR.
  case conditionalDetr = "ConditionalDetr"
  /// Deformable DETR.
  case deformableDetr = "DeformableDetr"
  /// ViLT.
  case vilt = "Vilt"
  /// ViT.
  case vit = "ViT"
  /// DeiT.
  case deit = "DeiT"
  /// ConvNeXt, and ResNet.
  case convNext = "ConvNext"
  /// BiT.
  case bit = "Bit"
  /// CLIP.
  case clip = "CLIP"

  /// What `size` may say.
  enum SizeRule: Equatable {
    /// Both sides' bounds, or the size itself.
    case bothEdges
    /// The shorter side, and both become multiples of a divisor.
    case divisible
    /// Height and width.
    case square
    /// The shorter side, cropped by a percentage where it is below 384.
    case cropPercentage
    /// The shorter side, or the size itself.
    case shortestEdge
  }

  var sizeRule: SizeRule {
    switch self {
    case .detr, .conditionalDetr, .deformableDetr: .bothEdges
    case .vilt: .divisible
    case .vit, .deit: .square
    case .convNext: .cropPercentage
    case .bit, .clip: .shortestEdge
    }
  }

  /// The size where the file names none.
  var defaultResize: Preprocessing.Resize {
    switch self {
    case .detr, .conditionalDetr, .deformableDetr:
      .shortestSide(short: 800, longestMaximum: 1333, rounding: .huggingFace)
    case .vilt: .multipleOf(divisor: 32, short: 384, longestMaximum: 639)
    case .vit: .fixed(width: 224, height: 224)
    case .deit: .fixed(width: 256, height: 256)
    case .convNext: .fixed(width: 384, height: 384)
    case .bit, .clip: .shortestSide(short: 224, longestMaximum: nil)
    }
  }

  /// The filter where the file names none.
  var defaultFilter: ResizeFilter {
    switch self {
    case .detr, .conditionalDetr, .deformableDetr, .vit, .convNext: .bilinear
    case .vilt, .deit, .bit, .clip: .bicubic
    }
  }

  /// The crop where the file says nothing about it.
  var defaultCrop: ImageSize? {
    switch self {
    case .deit, .bit, .clip: ImageSize(width: 224, height: 224)
    default: nil
    }
  }

  /// Mean and standard deviation where the file names none.
  var defaultNormalization: (mean: [Float], deviation: [Float]) {
    switch self {
    case .detr, .conditionalDetr, .deformableDetr:
      (Preprocessing.imageNetMean, Preprocessing.imageNetStandardDeviation)
    case .vilt, .vit, .deit, .convNext: ([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])
    case .bit, .clip:
      ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])
    }
  }

  /// What the processor does where nothing is said.
  public var standard: Preprocessing {
    Preprocessing(
      resize: defaultResize, filter: defaultFilter, crop: defaultCrop,
      mean: defaultNormalization.mean, standardDeviation: defaultNormalization.deviation)
  }

  /// The processor of a class's name.
  init?(className: String) {
    var name = Substring(className)
    for ending in ["Fast", "Pil"] where name.hasSuffix("ImageProcessor" + ending) {
      name = name.dropLast(ending.count)
    }
    for ending in ["ImageProcessor", "FeatureExtractor"] where name.hasSuffix(ending) {
      self.init(rawValue: String(name.dropLast(ending.count)))
      return
    }
    return nil
  }
}
