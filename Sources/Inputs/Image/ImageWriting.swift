import CImageFiles

/// The picture as the content of a PNG file, with alpha where it has some. Lossless.
public func encodePNG(_ image: Image) -> [UInt8] {
  encoded(image) { pixels, count, report in
    if let alpha = image.alpha {
      return alpha.withUnsafeBufferPointer {
        image_file_encode_png(
          pixels, $0.baseAddress, Int64(image.width), Int64(image.height), count, report)
      }
    }
    return image_file_encode_png(
      pixels, nil, Int64(image.width), Int64(image.height), count, report)
  }
}

/// The picture as the content of a baseline JPEG file; alpha is dropped.
///
/// - Parameter quality: 1 (smallest) to 100 (best), on libjpeg's scale.
public func encodeJPEG(_ image: Image, quality: Int = 90) -> [UInt8] {
  precondition((1...100).contains(quality), "a JPEG quality of \(quality) is not in 1...100")
  precondition(
    image.width <= 65_500 && image.height <= 65_500,
    "a picture of \(image.size) pixels does not fit into a JPEG, whose sides end at 65500")
  return encoded(image) { pixels, count, report in
    image_file_encode_jpeg(
      pixels, Int64(image.width), Int64(image.height), Int32(quality), count, report)
  }
}

private func encoded(
  _ image: Image,
  _ encode: (
    UnsafePointer<UInt8>?, UnsafeMutablePointer<Int>, UnsafeMutablePointer<ImageFileReport>
  ) -> UnsafeMutablePointer<UInt8>?
) -> [UInt8] {
  var count = 0
  var report = ImageFileReport()
  let memory = image.pixels.withUnsafeBufferPointer { encode($0.baseAddress, &count, &report) }
  // Pixels in memory can always be encoded; what is left to fail is memory itself.
  guard let memory else { fatalError("out of memory while encoding \(image.size) pixels") }
  defer { image_file_free(memory) }
  return Array(UnsafeBufferPointer(start: memory, count: count))
}
