import CKernels

extension ConvolutionPlan {
  /// A scratch area for the patches of one block.
  func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    let storage = Storage(count: count)
    withExtendedLifetime(storage) { body(storage.pointer) }
  }

  /// Unfolds the patches of some rows of the result: `[channels * kernel, rows * resultWidth]`.
  ///
  /// - Parameters:
  ///   - picture: the first channel of the picture's group.
  ///   - channels: which of the group's channels.
  func unfold(
    _ picture: UnsafePointer<Float>, channels: Range<Int>, rows: Range<Int>,
    into patches: UnsafeMutablePointer<Float>
  ) {
    var window = window(channels: channels.count, rows: rows)
    kernel_unfold(&window, picture + channels.lowerBound * height * width, patches)
  }

  /// Adds patches back to the picture they were unfolded from.
  func fold(
    _ patches: UnsafePointer<Float>, channels: Range<Int>, rows: Range<Int>,
    into picture: UnsafeMutablePointer<Float>
  ) {
    var window = window(channels: channels.count, rows: rows)
    kernel_fold(&window, patches, picture + channels.lowerBound * height * width)
  }

  /// What some rows of the result see of some channels.
  func window(channels: Int, rows: Range<Int>) -> kernel_window {
    kernel_window(
      channels: channels, height: height, width: width, kernel_height: kernelHeight,
      kernel_width: kernelWidth, stride: stride, dilation: dilation, top: top, left: left,
      first_row: rows.lowerBound, last_row: rows.upperBound, columns: resultWidth)
  }
}
