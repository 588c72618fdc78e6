import Foundation

extension Preprocessing {
  /// The `preprocessor_config.json` that makes Hugging Face's transformers see the same pixels.
  ///
  /// DETR's own rounding becomes Hugging Face's, which differs by a pixel for some pictures whose
  /// longer side is at its maximum.
  ///
  /// - Parameter processor: the processor that the model's family uses there.
  /// - Throws: `PreprocessingExportError` where that processor has no such rule.
  public func huggingFaceJSON(for processor: HuggingFaceProcessor) throws -> Data {
    let file = HuggingFaceFile(
      type: processor.rawValue + "ImageProcessor", resizes: resize != .none,
      size: try size(for: processor), divisor: divisor,
      filter: Self.pillowFilters.firstIndex(of: filter) ?? 2, crops: crop != nil,
      cropSize: crop.map { .init(height: $0.height, width: $0.width) }, factor: scale ?? 1 / 255,
      mean: mean, deviation: standardDeviation,
      padSize: padding.map { .init(height: $0.height, width: $0.width) },
      cropPart: try cropPart(for: processor))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(file) + [10]
  }

  private var divisor: Int? {
    if case .multipleOf(let divisor, _, _) = resize { divisor } else { nil }
  }

  private func size(for processor: HuggingFaceProcessor) throws -> HuggingFaceFile.Size {
    typealias Size = HuggingFaceFile.Size
    switch (processor.sizeRule, resize) {
    case (_, .none): return Size()
    case (.bothEdges, .shortestSide(let short, let longest?, let rounding))
    where rounding != .shortestEdge:
      return Size(shortest: short, longest: longest)
    case (.bothEdges, .within(let width, let height)):
      return Size(mostHeight: height, mostWidth: width)
    case (.bothEdges, .fixed(let width, let height)), (.square, .fixed(let width, let height)),
      (.shortestEdge, .fixed(let width, let height)):
      return Size(height: height, width: width)
    case (.divisible, .multipleOf(_, let short, let longest))
    where longest == Int(1333.0 / 800 * Double(short)):
      return Size(shortest: short)
    case (.shortestEdge, .shortestSide(let short, nil, _)): return Size(shortest: short)
    case (.cropPercentage, .fixed(let width, let height)) where width == height && width >= 384:
      return Size(shortest: width)
    case (.cropPercentage, .shortestSide(_, nil, _)):
      guard let crop, crop.width == crop.height, crop.width < 384 else { break }
      return Size(shortest: crop.width)
    default: break
    }
    throw PreprocessingExportError(processor: processor, resize: resize)
  }

  /// The part of the resized picture that is kept, such that the same size comes out again.
  private func cropPart(for processor: HuggingFaceProcessor) throws -> Double? {
    guard processor.sizeRule == .cropPercentage, let crop,
      case .shortestSide(let short, nil, _) = resize
    else { return nil }
    // A half more keeps the rounding down of the quotient from losing a pixel.
    let candidates = [Double(short), Double(short) + 0.5].map { Double(crop.width) / $0 }
    guard let part = candidates.first(where: { $0 <= 1 && Int(Double(crop.width) / $0) == short })
    else { throw PreprocessingExportError(processor: processor, resize: resize) }
    return part
  }
}

/// A preprocessing that a processor of Hugging Face cannot be told.
public struct PreprocessingExportError: Error, CustomStringConvertible, Equatable {
  /// The processor.
  public let processor: HuggingFaceProcessor
  /// The rule that it does not have.
  public let resize: Preprocessing.Resize

  /// What is wrong and what to do.
  public var description: String {
    "\(processor.rawValue)ImageProcessor of Hugging Face has no rule for the resize \(resize); "
      + "change 'preprocessing' in the model's config.json."
  }
}

/// The file's entries; those that are nil are left out.
private struct HuggingFaceFile: Encodable {
  struct Size: Encodable {
    var shortest: Int?
    var longest: Int?
    var mostHeight: Int?
    var mostWidth: Int?
    var height: Int?
    var width: Int?

    enum CodingKeys: String, CodingKey {
      case height, width
      case shortest = "shortest_edge"
      case longest = "longest_edge"
      case mostHeight = "max_height"
      case mostWidth = "max_width"
    }

    var isEmpty: Bool { shortest == nil && mostHeight == nil && height == nil }
  }

  let type: String
  let resizes: Bool
  let size: Size
  let divisor: Int?
  let filter: Int
  let crops: Bool
  let cropSize: Size?
  let factor: Double
  let mean: [Float]
  let deviation: [Float]
  let padSize: Size?
  let cropPart: Double?

  enum CodingKeys: String, CodingKey {
    case type = "image_processor_type"
    case resizes = "do_resize"
    case size
    case divisor = "size_divisor"
    case filter = "resample"
    case crops = "do_center_crop"
    case cropSize = "crop_size"
    case rescales = "do_rescale"
    case factor = "rescale_factor"
    case normalizes = "do_normalize"
    case mean = "image_mean"
    case deviation = "image_std"
    case pads = "do_pad"
    case padSize = "pad_size"
    case cropPart = "crop_pct"
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(type, forKey: .type)
    try values.encode(resizes, forKey: .resizes)
    if !size.isEmpty { try values.encode(size, forKey: .size) }
    try values.encodeIfPresent(divisor, forKey: .divisor)
    try values.encode(filter, forKey: .filter)
    // A crop by percentage is a part of the resize.
    if cropPart == nil {
      try values.encode(crops, forKey: .crops)
      try values.encodeIfPresent(cropSize, forKey: .cropSize)
    }
    try values.encodeIfPresent(cropPart, forKey: .cropPart)
    try values.encode(true, forKey: .rescales)
    try values.encode(factor, forKey: .factor)
    try values.encode(true, forKey: .normalizes)
    try values.encode(mean, forKey: .mean)
    try values.encode(deviation, forKey: .deviation)
    try values.encode(true, forKey: .pads)
    try values.encodeIfPresent(padSize, forKey: .padSize)
  }
}
