import CKernels

/// For every element of a resized row or column the source elements that it is made of.
struct ResamplingWeights {
  /// Weights of each output element.
  let taps: Int
  /// Source elements.
  let source: Int
  /// Output elements.
  let count: Int
  private let starts: [Int32]
  private let weights: [Int32]

  /// The weights for `count` elements that are made of `source` ones.
  init(from source: Int, to count: Int, _ filter: ResizeFilter) {
    let kind = filter.kernel
    taps = kernel_resampling_taps(source, count, kind)
    self.source = source
    self.count = count
    var starts = [Int32](repeating: 0, count: count)
    var weights = [Int32](repeating: 0, count: count * taps)
    kernel_resampling_weights(source, count, kind, taps, &starts, &weights)
    self.starts = starts
    self.weights = weights
  }

  private init(taps: Int, source: Int, starts: [Int32], weights: [Int32]) {
    self.taps = taps
    self.source = source
    count = starts.count
    self.starts = starts
    self.weights = weights
  }

  /// The weights for elements that come in the opposite order, and go there: sums of the same
  /// products.
  var reversed: ResamplingWeights {
    var starts: [Int32] = []
    var weights: [Int32] = []
    starts.reserveCapacity(count)
    weights.reserveCapacity(count * taps)
    for element in (0..<count).reversed() {
      let range = rows(of: element)
      starts.append(Int32(source - range.upperBound))
      weights += self.weights[element * taps..<element * taps + range.count].reversed()
      weights += repeatElement(0, count: taps - range.count)
    }
    return ResamplingWeights(taps: taps, source: source, starts: starts, weights: weights)
  }

  /// The source rows that output row `y` is made of; where they do not count, their weights are 0.
  func rows(of y: Int) -> Range<Int> {
    let first = Int(starts[y])
    return first..<min(source, first + taps)
  }

  /// Bytes that must be readable behind the last row that goes across.
  var reach: Int { 3 * taps + 16 }

  /// Resizes `rows` rows of RGB, `rowBytes` apart, to rows that lie one behind the other.
  func across(
    _ rows: Int, _ row: UnsafePointer<UInt8>, rowBytes: Int, to result: UnsafeMutablePointer<UInt8>
  ) {
    kernel_resample_across(count, taps, starts, weights, rows, row, rowBytes, result)
  }

  /// Makes row `y` of `rowBytes` bytes from the rows that lie one behind the other at `first`.
  func down(
    _ y: Int, _ first: UnsafePointer<UInt8>, _ rowBytes: Int, to row: UnsafeMutablePointer<UInt8>
  ) {
    weights.withUnsafeBufferPointer { weights in
      guard let all = weights.baseAddress else { return }
      kernel_resample_down(rowBytes, rows(of: y).count, all + y * taps, first, row)
    }
  }
}

extension ResizeFilter {
  /// The number by which the kernels know it.
  fileprivate var kernel: Int32 {
    switch self {
    case .bilinear: 0
    case .bicubic: 1
    case .lanczos: 2
    case .box: 3
    case .hamming: 4
    case .nearest: preconditionFailure("the nearest pixel is not a sum of weighted ones")
    }
  }
}
