import CImageFiles
import Tensors

/// Decodes a JPEG a band at a time and resizes every band while the next one is decoded.
///
/// - Returns: the upright RGB pixels; none where the report tells of a failure.
func readRows(
  _ reader: OpaquePointer, _ report: inout ImageFileReport, _ orientation: Orientation,
  resizedTo size: ImageSize, _ filter: ResizeFilter
) -> [UInt8] {
  let stored = ImageSize(report)
  let bytes = 3 * size.width * size.height
  return [UInt8](unsafeUninitializedCapacity: bytes) { result, filled in
    guard let start = result.baseAddress else { return }
    let resizer = BandResizer(stored, orientation, to: size, filter, result: start)
    let bands = Bands(of: stored, reach: resizer.reach)
    let starts = Array(stride(from: 0, to: stored.height, by: BandResizer.bandRows))
    func rows(_ band: Int) -> Int { min(BandResizer.bandRows, stored.height - starts[band]) }
    func decode(_ band: Int) {
      image_file_read_rows(reader, Int64(rows(band)), bands[band], &report)
    }
    decode(0)
    for band in starts.indices where report.status == IMAGE_FILE_OK {
      // The thread that begins the loop takes the first piece: decoding goes on without a stop.
      let next = band + 1
      Parallel.forEach(2) { piece in
        if piece == 1 {
          resizer.take(bands[band], rows: rows(band))
        } else if next < starts.count {
          decode(next)
        }
      }
    }
    filled = report.status == IMAGE_FILE_OK ? bytes : 0
  }
}

/// Room for the band that is decoded and the one that is resized.
private final class Bands {
  private let pixels: UnsafeMutableBufferPointer<UInt8>
  private let stride: Int

  /// Room for bands of a picture's rows, behind which `reach` bytes are readable.
  init(of picture: ImageSize, reach: Int) {
    stride = 3 * picture.width * min(BandResizer.bandRows, picture.height) + reach
    pixels = .allocate(capacity: 2 * stride)
    pixels.initialize(repeating: 0)
  }

  deinit { pixels.deallocate() }

  /// Where a band goes: every second one to the same place.
  subscript(band: Int) -> UnsafeMutablePointer<UInt8> {
    guard let start = pixels.baseAddress else { preconditionFailure("a picture has pixels") }
    return start + band % 2 * stride
  }
}
