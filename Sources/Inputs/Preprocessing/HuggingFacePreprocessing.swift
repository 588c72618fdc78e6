import Foundation

extension Preprocessing {
  /// What a `preprocessor_config.json` of Hugging Face asks for.
  ///
  /// Entries that change no pixels are passed over; every other entry must be one that is followed.
  ///
  /// - Parameters:
  ///   - json: the file's bytes.
  ///   - file: its name, for error messages.
  /// - Throws: `PreprocessorFileError`.
  public init(huggingFace json: Data, file: String) throws {
    let fields = try PreprocessorFields(json, file: file)
    let processor = try Self.processor(fields)
    try fields.refuse(allBut: Self.known, harmless: Self.harmless)
    let (resize, percentageCrop) = try Self.resize(fields, processor)
    let normalizes = try fields.boolean("do_normalize") ?? true
    let mean = try fields.channels("image_mean", expected: "3 numbers, one a channel")
    let deviation = try fields.channels(
      "image_std", above: 0, expected: "3 numbers above 0, one a channel")
    let usual = processor.defaultNormalization
    let factor = try fields.number(
      "rescale_factor", from: .leastNonzeroMagnitude, expected: "a number above 0")
    let scales = try fields.boolean("do_rescale") ?? true
    self.init(
      resize: resize, filter: try Self.filter(fields) ?? processor.defaultFilter,
      crop: try Self.crop(fields, processor) ?? percentageCrop,
      scale: scales ? factor.flatMap { $0 == 1 / 255 ? nil : $0 } : 1,
      mean: normalizes ? mean ?? usual.mean : [0, 0, 0],
      standardDeviation: normalizes ? deviation ?? usual.deviation : [1, 1, 1],
      padding: try Self.padding(fields))
  }

  private static let typeKeys = ["image_processor_type", "feature_extractor_type"]

  private static let known =
    typeKeys + [
      "do_resize", "size", "max_size", "size_divisor", "resample", "do_center_crop", "crop_size",
      "crop_pct", "do_rescale", "rescale_factor", "do_normalize", "image_mean", "image_std",
      "do_pad", "pad_size", "pad_and_return_pixel_mask",
    ]

  /// Entries about targets, names of classes, and containers: none changes a pixel.
  private static let harmless: Set<String> = [
    "format", "processor_class", "do_convert_annotations", "do_convert_rgb", "data_format",
    "input_data_format", "return_tensors", "device", "disable_grouping", "default_to_square",
    "_valid_processor_keys", "_commit_hash", "_name_or_path", "transformers_version",
    "model_input_names", "return_segmentation_masks", "masks_path", "annotations",
  ]

  private static func processor(_ fields: PreprocessorFields) throws -> HuggingFaceProcessor {
    var found: (key: String, processor: HuggingFaceProcessor)?
    for key in typeKeys {
      guard let name = try fields.text(key) else { continue }
      guard let processor = HuggingFaceProcessor(className: name) else {
        throw PreprocessorFileError.unknownProcessor(file: fields.file, key: key, name: name)
      }
      if let found, found.processor != processor {
        throw fields.invalid(key, expected: "of the same kind as '\(found.key)'")
      }
      found = (key, processor)
    }
    guard let found else {
      throw fields.invalid(typeKeys[0], expected: "the name of an image processor")
    }
    return found.processor
  }

  private static func filter(_ fields: PreprocessorFields) throws -> ResizeFilter? {
    guard fields.contains("resample") else { return nil }
    guard let number = fields.whole("resample"), pillowFilters.indices.contains(number) else {
      let names = pillowFilters.enumerated().map { "\($0) (\($1.rawValue))" }
      throw fields.invalid("resample", expected: names.joined(separator: ", "))
    }
    return pillowFilters[number]
  }

  /// Pillow's filters by their numbers.
  static let pillowFilters: [ResizeFilter] = [
    .nearest, .lanczos, .bilinear, .bicubic, .box, .hamming,
  ]

  private static func crop(
    _ fields: PreprocessorFields, _ processor: HuggingFaceProcessor
  ) throws -> ImageSize? {
    let size = try fields.exactSize("crop_size")
    guard let crops = try fields.boolean("do_center_crop") else {
      return processor.defaultCrop.map { size ?? $0 }
    }
    guard crops else { return nil }
    guard let crop = size ?? processor.defaultCrop else {
      throw fields.invalid("crop_size", expected: "a height and a width, for 'do_center_crop'")
    }
    return crop
  }

  private static func padding(_ fields: PreprocessorFields) throws -> ImageSize? {
    let flags = try ["do_pad", "pad_and_return_pixel_mask"].compactMap(fields.boolean)
    guard let size = try fields.exactSize("pad_size") else { return nil }
    if flags.contains(false) {
      throw fields.invalid("pad_size", expected: "left out, because 'do_pad' is false")
    }
    return size
  }
}
