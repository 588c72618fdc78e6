import CKernels
import Tensors

/// What is done to a picture before a network sees it: resize, crop, scale to 0...1, normalise.
///
/// It is stored with the model, so that training, evaluation and use see the same pixels:
///
///     {"resize": {"kind": "shortestSide", "short": 800, "longest_maximum": 1333,
///                 "rounding": "detr"},
///      "filter": "bilinear", "mean": [0.485, 0.456, 0.406],
///      "standard_deviation": [0.229, 0.224, 0.225]}
///
/// and, where a model wants them, `"crop"` and `"padding"` (`{"width": 224, "height": 224}`) and
/// `"scale"`.
public struct Preprocessing: Sendable, Hashable {
  /// The size that pictures get.
  public var resize: Resize
  /// The filter of the resize.
  public var filter: ResizeFilter
  /// The part in the middle that is kept after the resize; black where the picture is smaller.
  public var crop: ImageSize?
  /// Factor of the 8-bit values before they are normalised; nil for 1/255.
  public var scale: Double?
  /// Subtracted from red, green and blue after scaling, so usually from 0...1.
  public var mean: [Float]
  /// Divides red, green and blue after that.
  public var standardDeviation: [Float]
  /// The least size of a batch; zeros are added at the right and the bottom.
  public var padding: ImageSize?

  /// The channels' mean over ImageNet.
  public static let imageNetMean: [Float] = [0.485, 0.456, 0.406]
  /// The channels' standard deviation over ImageNet.
  public static let imageNetStandardDeviation: [Float] = [0.229, 0.224, 0.225]

  /// A preprocessing with ImageNet's mean and deviation unless others are given.
  public init(
    resize: Resize, filter: ResizeFilter = .bilinear, crop: ImageSize? = nil,
    scale: Double? = nil, mean: [Float] = imageNetMean,
    standardDeviation: [Float] = imageNetStandardDeviation, padding: ImageSize? = nil
  ) {
    precondition(
      mean.count == 3 && standardDeviation.count == 3,
      "mean and deviation need 3 channels, not \(mean.count) and \(standardDeviation.count)")
    precondition(
      (mean + standardDeviation).allSatisfy(\.isFinite) && standardDeviation.allSatisfy { $0 > 0 },
      "mean \(mean) and deviation \(standardDeviation) must be finite, the deviation above 0")
    self.resize = resize
    self.filter = filter
    self.crop = crop
    self.scale = scale
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.padding = padding
  }

  /// DETR's for evaluation: the shorter side 800, the longer at most 1333.
  public static let detr = Preprocessing(
    resize: .shortestSide(short: 800, longestMaximum: 1333))

  /// A square of the given side; the aspect ratio is not kept.
  public static func fixed(_ side: Int) -> Preprocessing {
    Preprocessing(resize: .fixed(width: side, height: side))
  }

  /// The pixels that the network sees, as `[3, height, width]`.
  public func callAsFunction(_ image: Image) -> Tensor { stage(.resize) { seen(of: image) } }

  private func seen(of image: Image) -> Tensor {
    let size = resize.size(of: image.originalSize)
    if let crop {
      return normalized(
        image.resized(width: size.width, height: size.height, filter: filter)
          .centreCropped(width: crop.width, height: crop.height), size: crop)
    }
    return normalized(image, size: size)
  }

  /// The picture in another size and normalised, row by row.
  private func normalized(_ image: Image, size: ImageSize) -> Tensor {
    let tables = tables
    let (width, plane) = (size.width, size.width * size.height)
    return Tensor(shape: [3, size.height, width]) { destination in
      let planes = Planes(start: destination)
      image.forEachResizedRow(width: width, height: size.height, filter: filter) { y, row in
        kernel_normalize_pixels(width, row, tables, planes.start + y * width, plane)
      }
    }
  }

  /// Where the rows of a parallel loop go, each to a place of its own.
  private struct Planes: @unchecked Sendable {
    let start: UnsafeMutablePointer<Float>
  }

  /// The pixels that the network sees of several pictures, as one batch.
  public func batch(_ images: [Image]) -> ImageBatch {
    ImageBatch(images.map { self($0) }, atLeast: padding)
  }

  /// The normalised value of every byte, `[3, 256]`, in the references' order of operations.
  private var tables: [Float] {
    let factor = scale ?? 1 / 255
    return (0..<3).flatMap { channel in
      (0..<256).map { (Float(Double($0) * factor) - mean[channel]) / standardDeviation[channel] }
    }
  }
}
