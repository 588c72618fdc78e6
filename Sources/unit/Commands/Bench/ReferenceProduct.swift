import COpenBLAS
import Foundation

/// A product of matrices by OpenBLAS on one thread: a measure that shrinks and grows with the
/// machine's speed, so that ratios to it can be compared between days and machines. Processor time
/// counts, which other programs do not add to.
struct ReferenceProduct {
  private static let side = 512
  private let factors: [Float]
  private var result: [Float]
  private var times: [Double] = []

  /// Two factors of fixed numbers.
  init() {
    let count = Self.side * Self.side
    factors = (0..<2 * count).map { Float($0 % 13) - 6 }
    result = [Float](repeating: 0, count: count)
    openblas_set_num_threads(1)
  }

  /// The shortest of all products so far, in milliseconds of a processor.
  var least: Double { times.min() ?? 0 }

  /// Multiplies some times.
  mutating func measure() {
    let side = blasint(Self.side)
    for _ in 0..<4 {
      let passed = processorMilliseconds {
        factors.withUnsafeBufferPointer { factors in
          result.withUnsafeMutableBufferPointer { result in
            cblas_sgemm(
              CblasRowMajor, CblasNoTrans, CblasNoTrans, side, side, side, 1, factors.baseAddress,
              side, factors.baseAddress! + Self.side * Self.side, side, 0, result.baseAddress, side)
          }
        }
      }
      times.append(passed)
    }
  }
}

/// Milliseconds of processors that this process has while `body` runs.
func processorMilliseconds(_ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
  }
  let start = now()
  try body()
  return now() - start
}
