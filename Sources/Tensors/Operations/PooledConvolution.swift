import CKernels

/// A prepared convolution followed by the largest number of each square window, without gradients;
/// see `convolution2d` and `Tensor.maxPool2d`.
///
/// Of pictures with few channels, such as those of colours, the result of the convolution is never
/// whole in memory: a few of its rows are pooled while they are in the cache.
///
/// - Parameters:
///   - x: `[batch, height, width, channels]`
///   - packed: weights, scale and shift.
///   - activation: applied before the windows are taken.
///   - window: the side of a window.
///   - stride: between windows.
///   - padding: around the convolution's result; never wins.
public func maxPooledConvolution2d(
  _ x: Tensor, _ packed: PackedConvolution, activation: Activation, window: Int, stride: Int,
  padding: Int
) -> Tensor {
  let plan = ConvolutionPlan(x.shape, weight: packed.weight.shape, packed.geometry)
  guard plan.readsKernelRows else {
    return convolution2d(x, packed, activation: activation)
      .maxPool2d(kernel: window, stride: stride, padding: padding)
  }
  Profile.count(plan.operations)
  let pool = kernel_pool(plan.resultShape, kernel: window, stride: stride, padding: padding)
  let epilogue = Epilogue(shift: packed.shift, residual: nil, activation: activation)
  let weights = packed.directWeights(plan)
  return Tensor(shape: [plan.batch, pool.result_height, pool.result_width, pool.channels]) { y in
    withExtendedLifetime((x, weights, epilogue)) {
      let pass = PooledPass(
        plan: plan, pool: pool, x: UnsafePointer(x.storage.pointer), weights: weights,
        epilogue: epilogue, y: y)
      let bands = max(1, pool.result_height / PooledPass.rowsOfBand)
      Parallel.forEach(plan.batch * bands, operations: plan.operations) { piece in
        let (picture, band) = (piece / bands, piece % bands)
        pass.run(
          picture,
          rows: band * pool.result_height / bands..<(band + 1) * pool.result_height / bands)
      }
    }
  }
}

private struct PooledPass: @unchecked Sendable {
  let plan: ConvolutionPlan
  let pool: kernel_pool
  let x: UnsafePointer<Float>
  let weights: DirectWeights
  let epilogue: Epilogue
  let y: UnsafeMutablePointer<Float>

  /// Pooled rows of a piece of work: two bands compute the rows between them both.
  static let rowsOfBand = 12
  /// Pooled rows that are computed at a time.
  private static let rowsOfStep = 2

  /// Some rows of one picture's result.
  func run(_ picture: Int, rows: Range<Int>) {
    let row = plan.resultWidth * plan.resultChannels
    let most = min(plan.resultHeight, (Self.rowsOfStep - 1) * pool.stride + pool.kernel)
    plan.withScratch(most * row) { scratch in
      var there = 0..<0
      for first in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.rowsOfStep) {
        let last = min(first + Self.rowsOfStep, rows.upperBound)
        let seen = self.seen(first..<last)
        // What the steps have in common moves to the front.
        let kept = max(seen.lowerBound, there.lowerBound)..<max(seen.lowerBound, there.upperBound)
        if !kept.isEmpty && kept.lowerBound > there.lowerBound {
          scratch.update(
            from: scratch + (kept.lowerBound - there.lowerBound) * row, count: kept.count * row)
        }
        let fresh = (kept.isEmpty ? seen.lowerBound : kept.upperBound)..<seen.upperBound
        if !fresh.isEmpty {
          plan.byKernelRows(
            fresh, x + picture * plan.height * plan.width * plan.inputs, weights,
            epilogue.product(
              into: scratch + (fresh.lowerBound - seen.lowerBound) * row,
              channels: plan.resultChannels))
        }
        there = seen
        var pool = pool
        let result = (picture * pool.result_height + first) * pool.result_width * pool.channels
        // The kernel counts from the first row of the whole feature map.
        kernel_max_pool(&pool, first, last, scratch - seen.lowerBound * row, y + result)
      }
    }
  }

  /// The convolution's rows that are in the windows of some pooled rows.
  private func seen(_ rows: Range<Int>) -> Range<Int> {
    let first = max(0, rows.lowerBound * pool.stride - pool.padding)
    let last = (rows.upperBound - 1) * pool.stride - pool.padding + pool.kernel
    return first..<min(plan.resultHeight, last)
  }
}
