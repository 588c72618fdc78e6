import CKernels

extension ConvolutionPlan {
  /// The patches of some positions, `[positions, kernel height, kernel width, channels]`: the
  /// pictures themselves where the kernel is one pixel, or made in a scratch area.
  ///
  /// - Parameters:
  ///   - x: the pictures' first channel that is wanted.
  ///   - channels: how many are wanted.
  func withPatches(
    of x: UnsafePointer<Float>, channels: Int, positions: Range<Int>, _ body: (Factor) -> Void
  ) {
    if isPointwise {
      body(Factor(x + positions.lowerBound * self.channels, stride: self.channels))
      return
    }
    let patch = channels * kernelHeight * kernelWidth
    withScratch(positions.count * patch) { patches in
      var window = window(channels: channels)
      kernel_unfold(&window, positions.lowerBound, positions.upperBound, x, patches)
      body(Factor(patches, stride: patch))
    }
  }

  /// A scratch area of `count` floats.
  func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    let storage = Storage(count: count)
    withExtendedLifetime(storage) { body(storage.pointer) }
  }
}
