import CImageFiles
import Tensors

/// Resizes a picture whose rows come one after the other, as a decoder has them, so that only some
/// of them are in memory at a time.
///
/// Makes the bytes of `Image.resized`: across before down as the picture stands upright. Where the
/// stored rows are columns of the upright picture, that is down before across; where they come from
/// the other end, the weights do.
final class BandResizer {
  /// Rows of a band: 32 of 4,000 pixels are in the caches nearest to a processor.
  static let bandRows = 32
  /// Columns resized at a time where rows go down first.
  private static let batchRows = 8

  private let stored: ImageSize
  private let orientation: Orientation
  private let acrossWeights: ResamplingWeights
  private let downWeights: ResamplingWeights
  /// The pixels as they come from the filter across, or as stored where that is the second one.
  private let window: UnsafeMutableBufferPointer<UInt8>
  private let windowRowBytes: Int
  /// The rows in the window.
  private var held = 0..<0
  /// Rows of the result, in the order of the stored ones, that are done.
  private var done = 0
  /// Rows that went down and wait to go across, or one that goes to its place.
  private let batch: UnsafeMutableBufferPointer<UInt8>
  private let finished: UnsafeMutableBufferPointer<UInt8>
  private let result: UnsafeMutablePointer<UInt8>

  /// Bytes that must be readable behind a band.
  var reach: Int { acrossWeights.reach }

  /// Prepares for the rows of a picture.
  ///
  /// - Parameters:
  ///   - stored: the picture's size as its rows come.
  ///   - orientation: how they have to be turned.
  ///   - size: the size that the upright picture gets.
  ///   - result: where its RGB pixels go, `3 * width * height` bytes.
  init(
    _ stored: ImageSize, _ orientation: Orientation, to size: ImageSize, _ filter: ResizeFilter,
    result: UnsafeMutablePointer<UInt8>
  ) {
    self.stored = stored
    self.orientation = orientation
    self.result = result
    let (columns, rows) =
      orientation.swapsSides ? (size.height, size.width) : (size.width, size.height)
    let across = ResamplingWeights(from: stored.width, to: columns, filter)
    let down = ResamplingWeights(from: stored.height, to: rows, filter)
    acrossWeights = orientation.mirrorsColumns ? across.reversed : across
    downWeights = orientation.mirrorsRows ? down.reversed : down
    windowRowBytes = 3 * (orientation.swapsSides ? stored.width : columns)
    window = .allocate(capacity: (down.taps + Self.bandRows) * windowRowBytes)
    batch = .allocate(capacity: Self.batchRows * windowRowBytes + across.reach)
    batch.initialize(repeating: 0)
    finished = .allocate(capacity: Self.batchRows * 3 * columns)
  }

  deinit {
    window.deallocate()
    batch.deallocate()
    finished.deallocate()
  }

  /// Takes the next rows, `bandRows` at most, and finishes what can be made of those there are.
  func take(_ band: UnsafePointer<UInt8>, rows: Int) {
    precondition(rows <= Self.bandRows, "\(rows) rows in a band of at most \(Self.bandRows)")
    guard let start = window.baseAddress, let batch = batch.baseAddress else { return }
    let end = start + held.count * windowRowBytes
    if orientation.swapsSides {
      end.update(from: band, count: rows * windowRowBytes)
    } else {
      acrossWeights.across(rows, band, rowBytes: 3 * stored.width, to: end)
    }
    held = held.lowerBound..<held.upperBound + rows
    var waiting = 0
    while done + waiting < downWeights.count {
      let needed = downWeights.rows(of: done + waiting)
      if needed.upperBound > held.upperBound { break }
      let first = start + (needed.lowerBound - held.lowerBound) * windowRowBytes
      downWeights.down(
        done + waiting, first, windowRowBytes, to: batch + waiting * windowRowBytes)
      waiting += 1
      if waiting == Self.batchRows { finish(&waiting) }
    }
    finish(&waiting)
    forget(until: done < downWeights.count ? downWeights.rows(of: done).lowerBound : stored.height)
  }

  /// Puts the rows that went down to their upright places.
  private func finish(_ waiting: inout Int) {
    guard let batch = batch.baseAddress, let finished = finished.baseAddress else { return }
    let rowBytes = 3 * acrossWeights.count
    if orientation.swapsSides {
      acrossWeights.across(waiting, batch, rowBytes: windowRowBytes, to: finished)
    } else {
      finished.update(from: batch, count: waiting * rowBytes)
    }
    for row in 0..<waiting {
      image_file_put_row(
        finished + row * rowBytes, Int64(done + row), Int64(acrossWeights.count),
        Int64(downWeights.count), Int32(orientation.value), result)
    }
    done += waiting
    waiting = 0
  }

  /// Drops the rows before `row`, which no later one is made of.
  private func forget(until row: Int) {
    let kept = min(row, held.upperBound)..<held.upperBound
    if let start = window.baseAddress {
      start.update(
        from: start + (kept.lowerBound - held.lowerBound) * windowRowBytes,
        count: kept.count * windowRowBytes)
    }
    held = kept
  }
}
