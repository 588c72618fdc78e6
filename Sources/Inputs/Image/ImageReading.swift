import CImageFiles
import Foundation
import Tensors

extension Image {
  /// Reads a PNG or JPEG file.
  ///
  /// The content decides, not the file's name. Grey, palette, 1- to 16-bit, interlaced,
  /// progressive, CMYK and YCCK pictures all become upright 8-bit RGB, with the numbers that
  /// Pillow's `exif_transpose` and `convert("RGB")` give. Of 16-bit values the high byte is kept,
  /// of grey ones too (Pillow clips 16-bit grey instead). Colour profiles and gamma are not
  /// applied; alpha is kept apart.
  ///
  /// - Parameter scale: whether a large JPEG may be decoded at a reduced scale.
  /// - Throws: `ImageError`.
  public init(
    contentsOf path: String, limits: ImageLimits = .standard, scale: Decoding = .exact
  ) throws(ImageError) {
    try self.init(
      decoding: readPictureFile(path, limits: limits), name: path, limits: limits, scale: scale)
  }

  /// Decodes the content of a PNG or JPEG file; `name` stands for it in errors.
  ///
  /// - Parameter scale: whether a large JPEG may be decoded at a reduced scale.
  /// - Throws: `ImageError`.
  public init(
    decoding bytes: some ContiguousBytes, name: String, limits: ImageLimits = .standard,
    scale: Decoding = .exact
  ) throws(ImageError) {
    // `withUnsafeBytes` cannot throw a typed error.
    let decoded: Result<Image, ImageError> = stage(.decode) {
      bytes.withUnsafeBytes { buffer in
        do throws(ImageError) {
          return .success(try decodePicture(buffer, name: name, limits: limits, scale: scale))
        } catch {
          return .failure(error)
        }
      }
    }
    self = try decoded.get()
  }
}

private func decodePicture(
  _ bytes: UnsafeRawBufferPointer, name: String, limits: ImageLimits, scale: Decoding
) throws(ImageError) -> Image {
  let opened = try openPicture(bytes, name: name, limits: limits)
  let (reader, format, orientation) = (opened.reader, opened.format, opened.orientation)
  var report = opened.report
  defer { image_file_close(reader) }
  let full = orientation.turned(stored: ImageSize(report))
  // A PNG is read whole, whatever is wanted.
  let scale = format == .jpeg ? scale : .exact
  let reduction = scale.reduction(of: full)
  if reduction > 1 { image_file_reduce(reader, Int32(reduction), &report) }
  var size = orientation.turned(stored: ImageSize(report))
  var alpha: [UInt8]?
  let pixels: [UInt8]
  if report.status == IMAGE_FILE_OK, let (wanted, filter) = scale.shrunk(size, of: full) {
    size = wanted
    pixels = readRows(reader, &report, orientation, resizedTo: wanted, filter)
  } else {
    pixels = readWhole(reader, &report, orientation, &alpha)
  }
  guard report.status == IMAGE_FILE_OK else {
    throw error(report, format: format, name: name, bytes: bytes.count, limits: limits)
  }
  return Image(size: size, of: full, pixels: pixels, alpha: alpha)
}

/// A picture whose header was read.
struct OpenedPicture {
  /// Must be closed with `image_file_close`.
  let reader: OpaquePointer
  let report: ImageFileReport
  let format: ImageFormat
  let orientation: Orientation
}

/// Opens a picture and reads its header.
func openPicture(
  _ bytes: UnsafeRawBufferPointer, name: String, limits: ImageLimits
) throws(ImageError) -> OpenedPicture {
  if bytes.count > limits.fileBytes { throw fileTooLarge(name, bytes: bytes.count, limits: limits) }
  let format = try readableFormat(
    header: Array(bytes.prefix(ImageFormat.headerLength)), name: name)
  let libraryLimits = ImageFileLimits(
    side: Int64(limits.side), pixels: Int64(limits.pixels),
    decoder_memory: Int64(limits.decoderBytes), scans: Int32(limits.scans),
    accepts_truncated: limits.acceptsTruncated ? 1 : 0)
  let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
  var report = ImageFileReport()
  let open = format == .png ? image_file_open_png : image_file_open_jpeg
  let opened = open(base, bytes.count, libraryLimits, &report)
  guard let reader = opened else {
    throw error(report, format: format, name: name, bytes: bytes.count, limits: limits)
  }
  return OpenedPicture(
    reader: reader, report: report, format: format,
    orientation: Orientation(format: format, bytes: bytes))
}

/// Decodes all pixels; some of them are missing where the report tells of a failure.
private func readWhole(
  _ reader: OpaquePointer, _ report: inout ImageFileReport, _ orientation: Orientation,
  _ alpha: inout [UInt8]?
) -> [UInt8] {
  let count = Int(report.width * report.height)
  return [UInt8](unsafeUninitializedCapacity: 3 * count) { colours, filled in
    func read(into opacity: UnsafeMutablePointer<UInt8>?) {
      image_file_read(reader, Int32(orientation.value), colours.baseAddress, opacity, &report)
    }
    if report.has_alpha != 0 {
      alpha = [UInt8](unsafeUninitializedCapacity: count) { opacity, opacityFilled in
        read(into: opacity.baseAddress)
        opacityFilled = report.status == IMAGE_FILE_OK ? count : 0
      }
    } else {
      read(into: nil)
    }
    filled = report.status == IMAGE_FILE_OK ? 3 * count : 0
  }
}

extension ImageSize {
  /// The size that the decoder tells.
  init(_ report: ImageFileReport) {
    self.init(width: Int(report.width), height: Int(report.height))
  }
}

private func error(
  _ report: ImageFileReport, format: ImageFormat, name: String, bytes: Int, limits: ImageLimits
) -> ImageError {
  var report = report
  let message = withUnsafeBytes(of: &report.message) { buffer in
    String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
  }
  let format = format == .png ? "PNG" : "JPEG"
  var progress = "\(bytes) bytes, before its header is complete"
  if report.height > 0 {
    progress = "\(report.rows) of \(report.height) rows"
    if report.pass > 0 { progress += " of pass \(report.pass) of 7" }
    progress += " (\(bytes) bytes in the file)"
  }
  switch report.status {
  case IMAGE_FILE_TRUNCATED:
    return .truncated(file: name, format: format, progress: progress)
  case IMAGE_FILE_TOO_LARGE:
    return .tooLarge(
      file: name, found: report.width > 0 ? "\(report.width) x \(report.height) pixels" : message,
      limit: "\(limits.side) pixels a side and \(limits.pixels / 1_000_000) megapixels"
        + ", and \(limits.decoderBytes >> 20) MiB for the decoder")
  case IMAGE_FILE_UNSUPPORTED:
    return .unsupportedKind(file: name, format: format, reason: message)
  case IMAGE_FILE_OUT_OF_MEMORY:
    return .outOfMemory(file: name)
  default:
    return .corrupt(file: name, format: format, progress: progress, reason: message)
  }
}
