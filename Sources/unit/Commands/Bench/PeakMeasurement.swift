import CKernels
import Tensors

/// The most multiply-adds that the machine's registers can do, measured with nothing else to do.
enum PeakMeasurement {
  /// 10^9 floating-point operations (two for each multiply-add) a second of all threads together.
  ///
  /// The best of some short runs on `Parallel.threads` threads.
  ///
  /// - Returns: nil where the processor has no such instruction.
  static func gigaflops(_ precision: Precision) -> Double? {
    let arithmetic: Int32 =
      switch precision {
      case .f32: 0
      case .bf16: 1
      case .int8: 2
      }
    guard kernel_peak(arithmetic, 1) > 0 else { return nil }
    let threads = Parallel.threads
    var best = 0.0
    var rounds = 20_000
    for _ in 0..<9 {
      var operations = 0
      let passed = ContinuousClock().measure {
        // Each thread does the same, so any one's count tells all.
        operations = threads * Int(kernel_peak(arithmetic, 0)) * rounds
        Parallel.forEach(threads) { _ in _ = kernel_peak(arithmetic, rounds) }
      }.milliseconds
      best = max(best, 2 * Double(operations) / passed / 1e6)
      // Runs of some ten milliseconds, whatever the processor.
      if passed < 10 { rounds *= 2 }
    }
    return best
  }
}
